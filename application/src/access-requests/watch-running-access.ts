import {
  type AccessRequest,
  auditEvent,
  isInForce,
  type PermissionSetArn,
  type PermissionSetReading,
  type SetChange,
  type SetReadings,
  userNameOf,
  type View,
} from '@gatehouse/domain'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView } from '../governance/read-view.ts'
import { areDifferent, hashOfSet, type PermissionSetReader, readEachSet } from './permission-set-reader.ts'

/** What came of one look at what running access was approved for. */
export interface Watched {
  /** How many requests have a change that was not known. */
  readonly changed: number
  /** Why some permission sets could not be read; the others were. */
  readonly failures: ReadonlyMap<PermissionSetArn, unknown>
}

/**
 * Looks whether permission sets have become something else while approved access to them runs. Nothing is taken away: it
 * is recorded once for each change, and those who approved are told (`tasks`).
 */
export async function watchRunningAccess(
  ports: ReadPorts & { readonly permissionSets: PermissionSetReader },
  signal: AbortSignal,
): Promise<Watched> {
  const { view, now } = await readView(ports, signal)
  const sets = new Set(view.requests.flatMap((request) => (isInForce(request, now) ? setsOf(request) : [])))
  const { readings, failures } = await readWhatCanBe(ports, view, [...sets], signal)
  if (readings.size === 0) return { changed: 0, failures }
  const changed = await decide(
    ports,
    (reading) => {
      const changed = reading.view.requests.flatMap((request) => {
        const changes = isInForce(request, reading.now) ? newChanges(request, readings, reading.now) : []
        return changes.length === 0 ? [] : [{ request, changes }]
      })
      return {
        changes: changed.map(
          ({ request, changes }) => ({ put: 'request', request: withChanges(request, changes) }) as const,
        ),
        events: changed.flatMap(({ request, changes }) =>
          changes.map(({ permissionSet }) =>
            auditEvent('access_request.permission_set_changed', {
              time: reading.now,
              subjects: [`request:${request.id}`],
              fields: {
                id: request.id,
                user: userNameOf(request.user, reading.view),
                permission_set_arn: permissionSet,
                approvers: approversOf(request).map((id) => userNameOf(id, reading.view)),
              },
            }),
          ),
        ),
        result: changed.length,
      }
    },
    signal,
  )
  return { changed, failures }
}

/** One set that can't be read says nothing of the others. */
async function readWhatCanBe(
  ports: { readonly permissionSets: PermissionSetReader },
  view: View,
  sets: readonly PermissionSetArn[],
  signal: AbortSignal,
): Promise<{ readonly readings: SetReadings; readonly failures: Watched['failures'] }> {
  const readings = new Map<PermissionSetArn, PermissionSetReading | undefined>()
  const failures = new Map<PermissionSetArn, unknown>()
  const all = readEachSet(ports, sets, view, { maxAgeMs: 0, lane: 'sweep' }, signal)
  await Promise.all(
    [...all].map(([arn, reading]) =>
      reading.then(
        (read) => readings.set(arn, read),
        (error: unknown) => failures.set(arn, error),
      ),
    ),
  )
  signal.throwIfAborted()
  return { readings, failures }
}

const setsOf = (request: AccessRequest): readonly PermissionSetArn[] =>
  // Its keys were written as ARNs.
  request.state === 'approved' ? (Object.keys(request.approvedSets ?? {}) as PermissionSetArn[]) : []

function newChanges(request: AccessRequest, readings: SetReadings, now: SetChange['at']): readonly SetChange[] {
  if (request.state !== 'approved') return []
  return setsOf(request).flatMap((permissionSet): readonly SetChange[] => {
    if (!readings.has(permissionSet)) return []
    const reading = readings.get(permissionSet)
    const hash = reading && hashOfSet(reading)
    const last = request.setChanges?.findLast((change) => change.permissionSet === permissionSet)
    const known = last ? last.now : request.approvedSets?.[permissionSet]
    const isKnown = hash === undefined || known === undefined ? hash === known : !areDifferent(hash, known)
    return isKnown ? [] : [{ permissionSet, at: now, ...(hash === undefined ? {} : { now: hash }) }]
  })
}

const withChanges = (request: AccessRequest, changes: readonly SetChange[]): AccessRequest =>
  request.state === 'approved'
    ? { ...request, setChanges: [...(request.setChanges ?? []), ...changes], revision: request.revision + 1 }
    : request

const approversOf = ({ reviews }: AccessRequest) =>
  reviews.flatMap(({ author, verdict, isVoid }) => (verdict === 'approve' && !isVoid ? [author] : []))
