import {
  type AccessRequest,
  auditEvent,
  isInForce,
  type PermissionSetArn,
  type SetChange,
  type SetReadings,
  userNameOf,
} from '@gatehouse/domain'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView } from '../governance/read-view.ts'
import { areDifferent, hashOfSet, type PermissionSetReader } from './permission-set-reader.ts'

/**
 * Looks whether permission sets have become something else while approved access to them runs. Nothing is taken away: it
 * is recorded once for each change, and those who approved are told (`tasks`).
 * @returns how many requests have a change that was not known
 */
export async function watchRunningAccess(
  ports: ReadPorts & { readonly permissionSets: PermissionSetReader },
  signal: AbortSignal,
): Promise<number> {
  const { view, now } = await readView(ports, signal)
  const sets = new Set(view.requests.flatMap((request) => (isInForce(request, now) ? setsOf(request) : [])))
  if (sets.size === 0) return 0
  const options = { maxAgeMs: 0, lane: 'sweep' } as const
  const readings = await ports.permissionSets.read(view.organization, [...sets], options, signal)
  return decide(
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
