import {
  type AccessRequest,
  type AccessRequestId,
  auditEvent,
  beginAccess,
  type Instant,
  isToBegin,
  isToSettle,
  obstacleTo,
  requestFields,
  settle,
  type SetReadings,
  setsToRead,
  type UserId,
  type View,
  withoutStale,
} from '@gatehouse/domain'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView } from '../governance/read-view.ts'
import { createTurns } from '../waiting/create-turns.ts'
import { hashOfShown, type PermissionSetReader, readEachSet, rememberingSets } from './permission-set-reader.ts'
import { voidReviews } from './resolution-event.ts'

type Ports = ReadPorts & { readonly permissionSets: PermissionSetReader }

/** How long one permission set may keep the access waiting that needs it. */
const PATIENCE_MS = 10_000

/** Who is told about each request, and may leave it out. */
interface Watching {
  /** Says whether a request that is due is taken up; not if somebody is at it already. */
  takes(request: AccessRequestId): boolean
  done(request: AccessRequestId, end: BeginningEnd): void
}

/** Access began or did not, or something could not be read and it waits. */
export type BeginningEnd = { readonly begun: boolean } | { readonly error: unknown }

/**
 * Lets approved access begin whose start time has come, after its permission sets were read afresh: once for all that is
 * due, a few at a time. What can not be read does not begin; nothing else waits for it.
 */
export async function beginDueAccess(ports: Ports, watching: Watching, signal: AbortSignal): Promise<void> {
  const { view, now } = await readView(ports, signal)
  const due = inTurn(view.requests.filter((request) => isToBegin(request, now) || isToSettle(request, now)))
    // What would not be given anyway is not worth a reading of AWS.
    .map((request) => ({ request, sets: obstacleTo(request, view, now) ? [] : setsToRead(request, view) }))
    .filter(({ request }) => watching.takes(request.id))
  // The first set of each, then the second: what takes few waits for none that takes many.
  const all = due
    .flatMap(({ sets }) => sets.map((arn, place) => ({ arn, place })))
    .toSorted((a, b) => a.place - b.place)
    .map(({ arn }) => arn)
  const readings = readEachSet(ports, all, view, { maxAgeMs: 0, timeoutMs: PATIENCE_MS }, signal)
  // Each decision is made on the records as the one before has left them.
  const oneAtATime = createTurns()
  await Promise.all(
    due.map(async ({ request: { id }, sets }) => {
      try {
        const read = await Promise.all(sets.map(async (arn) => [arn, await readings.get(arn)] as const))
        watching.done(id, { begun: await oneAtATime(() => begin(ports, id, new Map(read), signal)) })
      } catch (error) {
        watching.done(id, { error })
      }
    }),
  )
}

/** The earliest of everybody first, then the second of each: nobody waits for all that somebody else has planned. */
function inTurn(due: readonly AccessRequest[]): readonly AccessRequest[] {
  const counts = new Map<UserId, number>()
  return due
    .toSorted((a, b) => startOf(a) - startOf(b))
    .map((request) => {
      const turn = counts.get(request.user) ?? 0
      counts.set(request.user, turn + 1)
      return { request, turn }
    })
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ request }) => request)
}

const startOf = (request: AccessRequest): Instant =>
  request.state === 'approved' ? request.startsAt : request.createdAt

function begin(ports: Ports, id: AccessRequestId, readings: SetReadings, signal: AbortSignal): Promise<boolean> {
  return decide(
    ports,
    ({ view, now }) => {
      const request = view.requests.find((candidate) => candidate.id === id)
      const begun = request && afterReading(request, { view, now, shown: hashOfShown(request, view, readings) })
      const next = begun && rememberingSets(begun, readings)
      if (!next || begun === request) return { changes: [], events: [], result: false }
      const message = MESSAGES[next.state]
      const event = auditEvent('access_request.update', {
        time: now,
        user: 'system',
        subjects: [`request:${id}`],
        fields: {
          ...requestFields(next, view),
          updated_by: 'system',
          delegator: '',
          message,
          ...voidReviews(next, request, view),
        },
      })
      return {
        changes: [{ put: 'request', request: { ...next, revision: request.revision + 1 } }],
        events: [event],
        result: next.state === 'approved',
      }
    },
    signal,
  )
}

/** What is approved begins; what has its approvals and was not read when the last of them came is settled. */
const afterReading = (
  request: AccessRequest,
  { view, now, shown }: { readonly view: View; readonly now: Instant; readonly shown: string },
): AccessRequest =>
  isToSettle(request, now)
    ? settle(withoutStale(request, shown), { view, now, isRead: true })
    : beginAccess(request, { view, now, shown })

const MESSAGES: Readonly<Record<AccessRequest['state'], string>> = {
  approved: 'The access begins: its permission sets are what was approved.',
  pending:
    'Approvals are void: what was approved has changed, more are needed by now, or it may not be given any more.',
  denied: 'An approval rule denies it by now, or its reviews do.',
  promoted: '',
}
