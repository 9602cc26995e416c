import { type Instant, minus, plus } from '../kernel/instant.ts'
import type { AccessList } from './access-list.ts'
import { isReviewable } from './next-audit-date.ts'

/** Where a list stands with its review; a list that nobody reviews here stands nowhere. */
export interface ReviewStatus {
  readonly dueAt: Instant
  /** From then on it is up for review. */
  readonly opensAt: Instant
  readonly state: 'later' | 'open' | 'overdue'
  /** When an overdue list stops giving anything, or has stopped; absent when it never does. */
  readonly suspendsAt?: Instant
  readonly suspended: boolean
}

export function reviewStatusOf(list: AccessList, now: Instant): ReviewStatus | undefined {
  const { nextAuditDate: dueAt, notifyBefore } = list.audit
  if (dueAt === undefined || !isReviewable(list)) return undefined
  const opensAt = minus(dueAt, notifyBefore)
  const suspendsAt = suspensionOf(list)
  return {
    dueAt,
    opensAt,
    state: dueAt <= now ? 'overdue' : opensAt <= now ? 'open' : 'later',
    ...(suspendsAt === undefined ? {} : { suspendsAt }),
    suspended: isSuspended(list, now),
  }
}

/**
 * Says whether a list gives nothing for want of a review: neither its grants nor, to those who are in it, what other
 * lists give through it. Its members stay its members, and with the review everything is back. What its roles deny
 * goes on being denied.
 */
export function isSuspended(list: AccessList, now: Instant): boolean {
  const suspendsAt = suspensionOf(list)
  return suspendsAt !== undefined && suspendsAt <= now
}

/** When a list is suspended unless it is reviewed before. */
export function suspensionOf(list: AccessList): Instant | undefined {
  const { nextAuditDate, suspendAfter } = list.audit
  if (nextAuditDate === undefined || suspendAfter === undefined || !isReviewable(list)) return undefined
  return plus(nextAuditDate, suspendAfter)
}
