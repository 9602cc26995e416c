import { auditEvent, formatInstant, isForgotten, requestFields, stateAt } from '@gatehouse/domain'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'

/** More are forgotten at the next look. */
const MAX_FORGOTTEN = 500

/**
 * Ends requests that nobody has decided in time, and forgets those that ended long ago; says how many have expired. What
 * is forgotten took its access away when it ended, so no removal names it.
 */
export async function expireRequests(ports: ReadPorts, signal: AbortSignal): Promise<number> {
  return decide(
    ports,
    ({ view, now }) => {
      const expired = view.requests.filter((request) => stateAt(request, now) === 'expired')
      const forgotten = view.requests.filter((request) => isForgotten(request, view, now)).slice(0, MAX_FORGOTTEN)
      return {
        changes: [...expired, ...forgotten].map(({ id }) => ({ delete: 'request', id }) as const),
        events: [
          ...expired.map((request) =>
            auditEvent('access_request.expire', {
              time: now,
              subjects: [`request:${request.id}`, `user:${request.user}`],
              fields: { ...requestFields(request, view), resource_expiry: formatInstant(request.pendingUntil) },
            }),
          ),
          ...forgotten.map((request) =>
            auditEvent('access_request.delete', {
              time: now,
              user: 'system',
              subjects: [`request:${request.id}`],
              fields: requestFields(request, view),
            }),
          ),
        ],
        result: expired.length,
      }
    },
    signal,
  )
}
