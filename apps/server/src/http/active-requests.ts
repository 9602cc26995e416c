import type { Session } from '@gatehouse/api'
import { type AccessRequest, formatInstant, type Instant, isInForce, type User } from '@gatehouse/domain'

/** Approved requests of a user that are in force now. */
export const activeRequestsOf = (
  user: User,
  requests: readonly AccessRequest[],
  now: Instant,
): Session['activeRequests'] =>
  requests
    .filter((request) => request.user === user.id && isInForce(request, now))
    .flatMap((request) =>
      request.state === 'approved'
        ? [
            {
              id: request.id,
              roles: request.roles.map(({ name }) => name),
              expiresAt: formatInstant(request.expiresAt),
            },
          ]
        : [],
    )
