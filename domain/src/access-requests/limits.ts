import { days, type Duration, type Instant, plus } from '../kernel/instant.ts'
import { DomainError } from '../kernel/problems.ts'

export const MAX_REASON_LENGTH = 4096
export const MAX_REQUESTED = 300
export const MAX_REQUEST_DURATION: Duration = days(14)
/** Account assignments that one role request gives. */
export const MAX_GRANTS = 10_000
/** Permission sets among them: each costs AWS several calls whenever somebody looks at the request. */
export const MAX_SETS = 100
/** Requests of one person that wait for a decision. */
export const MAX_WAITING = 100
/** Of those that are decided, by rules too: so many give access now or are to begin. */
export const MAX_RUNNING = 100
/** Requests that one person files in an hour. */
export const MAX_FILED_PER_HOUR = 100
export const MAX_PENDING: Duration = days(7)

/** @throws DomainError `refused` unless the start lies ahead, and no further than access may last. */
export function checkStartTime(start: Instant, now: Instant): void {
  if (start > now && start <= plus(now, MAX_REQUEST_DURATION)) return
  throw new DomainError({
    code: 'refused',
    message: 'The start time must lie ahead, by at most 14 days.',
    remedy: 'Choose another start time, or none.',
  })
}
