import { auditEvent, formatInstant, requestFields, stateAt } from '@gatehouse/domain'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'

/** Ends requests that nobody has decided in time; says how many. */
export async function expireRequests(ports: ReadPorts, signal: AbortSignal): Promise<number> {
  return decide(
    ports,
    ({ view, now }) => {
      const expired = view.requests.filter((request) => stateAt(request, now) === 'expired')
      return {
        changes: expired.map(({ id }) => ({ delete: 'request', id }) as const),
        events: expired.map((request) =>
          auditEvent('access_request.expire', {
            time: now,
            subjects: [`request:${request.id}`, `user:${request.user}`],
            fields: { ...requestFields(request, view), resource_expiry: formatInstant(request.pendingUntil) },
          }),
        ),
        result: expired.length,
      }
    },
    signal,
  )
}
