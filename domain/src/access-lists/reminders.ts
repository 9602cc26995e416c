import { days, type Instant, latest, minus, plus } from '../kernel/instant.ts'
import type { AccessListId } from '../kernel/names.ts'
import type { User } from '../users/user.ts'
import type { AccessList, Reminded, ReminderStage } from './access-list.ts'
import { hasExpired, type Membership } from './memberships.ts'
import { reviewStatusOf } from './review-status.ts'

/** A stage that the review of a list has come to. While it lasts, nothing new is said about it. */
export interface Reminder {
  readonly stage: ReminderStage
  readonly since: Instant
  readonly dueAt: Instant
}

/** So long before its date a review is said to be due soon. */
const SOON = days(3)

/**
 * The stages that the coming review of a list has come to, the latest last. A list that nobody is in needs no review, so
 * nobody is reminded of one.
 */
export function remindersOf(list: AccessList, now: Instant): readonly Reminder[] {
  const status = reviewStatusOf(list, now)
  if (!status || status.state === 'later' || !list.members.some((member) => !hasExpired(member, now))) return []
  const { dueAt, opensAt, suspendsAt } = status
  const starts: readonly (readonly [ReminderStage, Instant | undefined])[] = [
    ['open', opensAt],
    ['soon', latest(opensAt, minus(dueAt, SOON))],
    ['overdue', dueAt],
    ['escalated', escalatesAt(list, dueAt)],
    ['suspended', suspendsAt],
  ]
  return starts
    .flatMap(([stage, since]) => (since === undefined || since > now ? [] : [{ stage, since, dueAt }]))
    .toSorted((a, b) => a.since - b.since)
}

/**
 * Of the stages that were reached since the last look, those to record: the latest, and what changes anything for
 * somebody, which is never passed over.
 */
export function remindersToRecord(
  list: AccessList,
  now: Instant,
): { readonly record: readonly Reminder[]; readonly reminded: Reminded } | undefined {
  const reached = remindersOf(list, now)
  const [first] = reached
  if (!first) return undefined
  const before = list.reminded?.dueAt === first.dueAt ? list.reminded.stages : []
  const fresh = reached.filter(({ stage }) => !before.includes(stage))
  if (fresh.length === 0) return undefined
  const record = fresh.filter(
    (reminder) => reminder === reached.at(-1) || reminder.stage === 'escalated' || reminder.stage === 'suspended',
  )
  return { record, reminded: { dueAt: first.dueAt, stages: reached.map(({ stage }) => stage) } }
}

const escalatesAt = ({ escalation }: AccessList, dueAt: Instant): Instant | undefined =>
  escalation && plus(dueAt, escalation.after)

/** Says whether the overdue review of a list has gone to somebody as well. */
export function isEscalatedTo(
  list: AccessList,
  user: User,
  memberships: ReadonlyMap<AccessListId, Membership>,
  now: Instant,
): boolean {
  const { escalation } = list
  const status = reviewStatusOf(list, now)
  if (!escalation || status?.state !== 'overdue' || plus(status.dueAt, escalation.after) > now) return false
  return escalation.to.some((target) =>
    target.kind === 'user' ? target.user === user.id : memberships.has(target.list),
  )
}
