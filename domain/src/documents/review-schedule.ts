import { DEFAULT_SCHEDULE, type ReviewSchedule } from '../access-lists/access-list.ts'
import { MAX_NOTICE } from '../access-lists/next-audit-date.ts'
import { counted } from '../kernel/counted.ts'
import type { Duration } from '../kernel/instant.ts'
import type { EscalationEntry } from './document.ts'
import { duration, instantOrNever, isEmpty, itemsOf, openMap, wrongType } from './fields.ts'
import { invalid, type Value } from './source.ts'

const AUDIT_KEYS = [
  'recurrence',
  'next_audit_date',
  'notifications',
  'suspend_after',
  'required_reviewers',
  'escalate_after',
  'escalate_to',
] as const

/** When owners go through a list again; every spelling that the described product takes. */
export function parseSchedule(value: Value): ReviewSchedule {
  const fields = openMap(value, AUDIT_KEYS)
  const recurrence = fields.find('recurrence')
  const parts = recurrence && openMap(recurrence, ['frequency', 'day_of_month'])
  const notifications = fields.find('notifications')
  const start = notifications && openMap(notifications, ['start']).find('start')
  const suspendAfter = fields.find('suspend_after')
  const nextAuditDate = instantOrNever(fields.find('next_audit_date'))
  return {
    frequencyMonths: parseFrequency(parts?.find('frequency')),
    dayOfMonth: parseDay(parts?.find('day_of_month')),
    ...(nextAuditDate === undefined ? {} : { nextAuditDate }),
    notifyBefore: start ? notice(start) : DEFAULT_SCHEDULE.notifyBefore,
    ...(suspendAfter === undefined || isEmpty(suspendAfter) ? {} : { suspendAfter: notice(suspendAfter) }),
    requiredReviewers: parseReviewers(fields.find('required_reviewers')),
  }
}

/** Whom a review goes to as well when it has been overdue for so long. One without the other says nothing. */
export function parseEscalation(
  audit: Value,
  parseTarget: (item: Value) => EscalationEntry['to'][number],
): EscalationEntry | undefined {
  const fields = openMap(audit, AUDIT_KEYS)
  const after = fields.find('escalate_after')
  const to = fields.find('escalate_to')
  const isSet = after !== undefined && !isEmpty(after)
  if (to === undefined || isEmpty(to)) {
    if (isSet) throw invalid(after, 'it does not say to whom.', 'Add escalate_to with users or lists.')
    return undefined
  }
  if (!isSet) throw invalid(to, 'it does not say when.', 'Add escalate_after, such as 72h.')
  return { after: notice(after), to: itemsOf(to, 'a list of users and lists').map(parseTarget) }
}

function notice(value: Value): Duration {
  const length = duration(value)
  if (length <= MAX_NOTICE) return length
  throw invalid(value, 'it is more than a year.', 'Write a duration such as 336h or 14d.')
}

/** More would be a list that nobody ever finishes. */
const MAX_REVIEWERS = 10

function parseReviewers(value: Value | undefined): number {
  if (!value) return DEFAULT_SCHEDULE.requiredReviewers
  const count = Number(written(value))
  if (Number.isInteger(count) && count >= 1 && count <= MAX_REVIEWERS) return count
  throw invalid(value, 'it is not a number of reviewers.', `Write a number from 1 to ${MAX_REVIEWERS}.`)
}

function written(value: Value): string {
  if (value.type === 'number') return value.source
  if (value.type !== 'text') throw wrongType(value, 'a text')
  return value.text.toLowerCase().replaceAll(/\s/g, '')
}

function parseFrequency(value: Value | undefined): ReviewSchedule['frequencyMonths'] {
  if (!value || written(value) === '') return DEFAULT_SCHEDULE.frequencyMonths
  if (/^1(?:years?|y)$/.test(written(value))) return 12
  const months = /^(\d+)(?:months?|m)?$/.exec(written(value))?.[1]
  const frequency = ([1, 3, 6, 12] as const).find((candidate) => String(candidate) === months)
  if (frequency === undefined)
    throw invalid(value, 'it is not a frequency.', 'Write 1 month, 3 months, 6 months or 1 year.')
  return frequency
}

function parseDay(value: Value | undefined): ReviewSchedule['dayOfMonth'] {
  if (!value) return DEFAULT_SCHEDULE.dayOfMonth
  switch (written(value)) {
    case '':
    case '1':
    case 'first':
      return 1
    case '15':
      return 15
    case '31':
    case 'last':
      return 31
  }
  throw invalid(value, 'it is not a day for reviews.', 'Write 1, 15 or last.')
}

export const formatFrequency = (months: ReviewSchedule['frequencyMonths']): string => {
  if (months === 12) return '1 year'
  return counted(months, 'month')
}
export const formatDay = (day: ReviewSchedule['dayOfMonth']): string => (day === 31 ? 'last' : String(day))
