import type { ApprovalRuleName, RuleConditions } from '../approval-rules/approval-rule.ts'
import { DAYS_OF_WEEK, type DayOfWeek, isTimeZone, type TimeWindow } from '../approval-rules/time-window.ts'
import { days } from '../kernel/instant.ts'
import { parsePattern, type Pattern } from '../kernel/pattern.ts'
import { parsePredicate } from '../predicates/predicate.ts'
import { THRESHOLD_SCOPE } from '../predicates/scopes.ts'
import type { ApprovalRuleDocument, NamedThreshold } from './document.ts'
import { openEnvelope, plainName } from './envelope.ts'
import { duration, itemsOf, located, oneOf, openMap, text, textOr, texts, wholeNumber } from './fields.ts'
import { parseAccountSelectors } from './parse-account-selector.ts'
import { invalid, type Value } from './source.ts'

const MAX_THRESHOLD = 100
/** A request waits no longer for a decision. */
const MAX_OPENS_AFTER = days(7)

export function parseApprovalRule(value: Value): ApprovalRuleDocument {
  const { name, description, labels, spec } = openEnvelope(value, ['v1'])
  const fields = openMap(spec, ['when', 'thresholds', 'decision', 'reason'])
  const when = parseWhen(fields.find('when'))
  return {
    kind: 'approval_rule',
    name: plainName(name, 'an approval rule') as ApprovalRuleName, // checked on this line
    description,
    labels,
    when,
    effect: effectOf(fields, spec, when),
  }
}

function effectOf(
  fields: { find(key: 'thresholds' | 'decision' | 'reason'): Value | undefined },
  spec: Value,
  when: ApprovalRuleDocument['when'],
): ApprovalRuleDocument['effect'] {
  const thresholds = itemsOf(fields.find('thresholds'), 'a list of thresholds').map(parseThreshold)
  const decision = fields.find('decision')
  if (thresholds.length > 0 === (decision !== undefined))
    throw invalid(spec, 'it asks for thresholds or decides by itself, one of them.', 'Keep thresholds or decision.')
  if (!decision) {
    if (fields.find('reason')) throw invalid(spec, 'a reason belongs to a decision.', 'Put it into the description.')
    return { kind: 'thresholds', thresholds }
  }
  const kind = oneOf(decision, ['approve', 'deny'])
  if (kind === 'approve' && isAboutAnything(when))
    throw invalid(
      spec,
      'it would approve whatever is asked for.',
      'Name accounts, permission_sets or roles under "when".',
    )
  return { kind, reason: textOr(fields.find('reason'), '') }
}

const isAboutAnything = ({ accounts, permissionSets, roles }: ApprovalRuleDocument['when']): boolean =>
  [accounts, permissionSets, roles].every(({ length }) => length === 0)

function parseWhen(value: Value | undefined): ApprovalRuleDocument['when'] {
  if (!value) return { accounts: [], permissionSets: [], roles: [], requesterLists: [], times: [] }
  const fields = openMap(value, ['accounts', 'permission_sets', 'roles', 'requester_lists', 'times'])
  return {
    accounts: parseAccountSelectors(fields.find('accounts')),
    permissionSets: patterns(fields.find('permission_sets')),
    roles: patterns(fields.find('roles')),
    requesterLists: texts(fields.find('requester_lists')),
    times: itemsOf(fields.find('times'), 'a list of times').map(parseWindow),
  } satisfies Record<keyof RuleConditions, unknown>
}

const patterns = (value: Value | undefined): readonly Pattern[] =>
  itemsOf(value, 'a list of texts').map((item) => located(item, () => parsePattern(text(item))))

function parseWindow(value: Value): TimeWindow {
  const fields = openMap(value, ['days', 'from', 'to', 'time_zone'])
  const zone = fields.find('time_zone')
  const timeZone = zone ? text(zone) : 'UTC'
  if (zone && !isTimeZone(timeZone))
    throw invalid(zone, `"${timeZone.slice(0, 60)}" is not a time zone.`, 'Write one such as Europe/Berlin.')
  return {
    days: itemsOf(fields.find('days'), 'a list of days').map((day): DayOfWeek => oneOf(day, DAYS_OF_WEEK)),
    from: minuteOf(fields.find('from')),
    to: minuteOf(fields.find('to')),
    timeZone,
  }
}

function minuteOf(value: Value | undefined): number {
  if (!value) return 0
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text(value)) ?? []
  if (hours === undefined) throw invalid(value, 'it is not a time of the day.', 'Write "08:00" or "18:30", in quotes.')
  return Number(hours) * 60 + Number(minutes)
}

function parseThreshold(value: Value): NamedThreshold {
  const fields = openMap(value, ['name', 'approve', 'deny', 'filter', 'reviewers', 'after'])
  const approve = fields.find('approve')
  const deny = fields.find('deny')
  const filter = fields.find('filter')
  const reviewers = fields.find('reviewers')
  const after = fields.find('after')
  const approvals = approve ? wholeNumber(approve, MAX_THRESHOLD) : 1
  if (approvals === 0) throw invalid(approve ?? value, 'nobody could ever meet it.', 'Write 1 or more.')
  return {
    name: textOr(fields.find('name'), '', 255),
    approve: approvals,
    deny: deny ? wholeNumber(deny, MAX_THRESHOLD) : 1,
    ...(filter ? { filter: located(filter, () => parsePredicate(text(filter), THRESHOLD_SCOPE)) } : {}),
    ...(reviewers ? { reviewers: parseReviewers(reviewers) } : {}),
    ...(after ? { opensAfter: parseAfter(after) } : {}),
  }
}

function parseReviewers(value: Value): { readonly users: readonly string[]; readonly lists: readonly string[] } {
  const fields = openMap(value, ['users', 'lists'])
  const reviewers = { users: texts(fields.find('users')), lists: texts(fields.find('lists')) }
  if (reviewers.users.length === 0 && reviewers.lists.length === 0)
    throw invalid(value, 'it names nobody.', 'Name users or lists, or leave "reviewers" out.')
  return reviewers
}

function parseAfter(value: Value) {
  const after = duration(value)
  if (after <= 0 || after >= MAX_OPENS_AFTER)
    throw invalid(value, 'a request does not wait so long.', 'Write more than nothing and less than 7d.')
  return after
}
