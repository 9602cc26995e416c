import { days, type Instant, instantFromMillis, latest, plus } from '../kernel/instant.ts'
import type { AccessList, ReviewSchedule } from './access-list.ts'

/**
 * When the next review is due, counted from a day: so many months on, at the start (UTC) of the day that the schedule
 * names. The month counts and not the day, so the end of a month or a leap year never adds or loses one.
 */
export function nextAuditDateAfter(
  from: Instant,
  { frequencyMonths, dayOfMonth }: Pick<ReviewSchedule, 'frequencyMonths' | 'dayOfMonth'>,
): Instant {
  const date = new Date(from)
  const month = date.getUTCMonth() + frequencyMonths
  // Day 0 of a month is the last day of the one before.
  const [inMonth, day] = dayOfMonth === 31 ? [month + 1, 0] : [month, dayOfMonth]
  return instantFromMillis(Date.UTC(date.getUTCFullYear(), inMonth, day))
}

/**
 * The date after a review that was finished now. One that was done in time goes by the calendar, a late one by today;
 * one that was done before the list was up for review gains nothing by that.
 */
export function dateAfterReview(schedule: ReviewSchedule, now: Instant): Instant {
  const { nextAuditDate = now, notifyBefore } = schedule
  const isOpen = nextAuditDate <= plus(now, notifyBefore)
  return nextAuditDateAfter(isOpen ? latest(now, nextAuditDate) : now, schedule)
}

/**
 * Static lists have no reviews, and a list whose members another system keeps has them once somebody gives it a date:
 * what a file of the described product says of them stays as it is.
 */
export const isReviewable = ({ type, audit }: Pick<AccessList, 'type' | 'audit'>): boolean =>
  type === '' || (type === 'scim' && audit.nextAuditDate !== undefined)

/** With the first date of its review, unless it has one or is not reviewed here. */
export function withFirstAuditDate(list: AccessList, now: Instant): AccessList {
  if (!isReviewable(list) || list.audit.nextAuditDate !== undefined) return list
  return { ...list, audit: { ...list.audit, nextAuditDate: nextAuditDateAfter(now, list.audit) } }
}

/** The longest time that the database and people can mean by these. */
export const MAX_NOTICE = days(366)
