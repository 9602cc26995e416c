import { formatInstant, hours, type Instant, minus, plus } from '../kernel/instant.ts'
import { DomainError } from '../kernel/problems.ts'
import { type AccessRequest, stateAt } from './access-request.ts'
import { MAX_FILED_PER_HOUR, MAX_RUNNING, MAX_WAITING } from './limits.ts'

/**
 * One person asks for no more than people decide, and no faster: a request that a rule decides costs AWS a reading, too.
 * @throws DomainError `refused`
 */
export function refuseTooMany(own: readonly AccessRequest[], now: Instant): void {
  const waiting = own.filter((one) => stateAt(one, now) === 'pending').length
  if (waiting >= MAX_WAITING)
    throw refused(`You have ${waiting} requests that nobody has decided.`, 'Withdraw some of them first.')
  const running = own.filter((one) => one.state === 'approved' && now < one.expiresAt).length
  if (running >= MAX_RUNNING)
    throw refused(`You have ${running} requests that give access, or are to.`, 'Give some of them back first.')
  const filed = own.map(({ createdAt }) => createdAt).filter((at) => at > minus(now, hours(1)))
  const [oldest] = filed.toSorted((a, b) => a - b)
  if (filed.length >= MAX_FILED_PER_HOUR && oldest !== undefined)
    throw refused(
      `You have asked ${filed.length} times in an hour.`,
      `Wait until ${formatInstant(plus(oldest, hours(1)))}, or ask for several things at once.`,
    )
}

const refused = (message: string, remedy: string): DomainError => new DomainError({ code: 'refused', message, remedy })
