import {
  type AccessRequest,
  auditEvent,
  beginAccess,
  type Instant,
  isToBegin,
  isToSettle,
  obstacleTo,
  requestFields,
  settle,
  type SetReadings,
  type View,
  withoutStale,
} from '@gatehouse/domain'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView } from '../governance/read-view.ts'
import { hashOfShown, type PermissionSetReader, readShown, rememberingSets } from './permission-set-reader.ts'

/**
 * Lets approved access begin whose start time has come, each after its permission sets were read afresh. What can not be
 * read does not begin; the others do.
 * @returns how many began, and why others could not be looked at
 */
export async function beginDueAccess(
  ports: ReadPorts & { readonly permissionSets: PermissionSetReader },
  signal: AbortSignal,
): Promise<{ readonly begun: number; readonly failures: readonly unknown[] }> {
  const { view, now } = await readView(ports, signal)
  const failures: unknown[] = []
  let begun = 0
  const due = view.requests.filter((request) => isToBegin(request, now) || isToSettle(request, now))
  for (const request of due) {
    try {
      if (await begin(ports, request, { view, now }, signal)) begun++
    } catch (error) {
      failures.push(error)
    }
  }
  return { begun, failures }
}

async function begin(
  ports: ReadPorts & { readonly permissionSets: PermissionSetReader },
  due: AccessRequest,
  { view: seen, now }: { readonly view: View; readonly now: Instant },
  signal: AbortSignal,
): Promise<boolean> {
  const { id } = due
  // What would not be given anyway is not worth a reading of AWS.
  const { readings } = obstacleTo(due, seen, now)
    ? { readings: NOT_READ }
    : await readShown(ports, due, { view: seen, maxAgeMs: 0 }, signal)
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
        subjects: [`request:${id}`],
        fields: { ...requestFields(next, view), updated_by: 'system', delegator: '', message },
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

const NOT_READ: SetReadings = new Map()

const MESSAGES: Readonly<Record<AccessRequest['state'], string>> = {
  approved: 'The access begins: its permission sets are what was approved.',
  pending:
    'Approvals are void: what was approved has changed, more are needed by now, or it may not be given any more.',
  denied: 'An approval rule denies it by now, or its reviews do.',
  promoted: '',
}
