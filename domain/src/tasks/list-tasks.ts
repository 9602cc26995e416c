import { type AccessList, memberKey } from '../access-lists/access-list.ts'
import { keepsMembers } from '../access-lists/manage-members.ts'
import { hasExpired, membershipsOf, ownershipsOf } from '../access-lists/memberships.ts'
import { isEscalatedTo, remindersOf, type Reminder } from '../access-lists/reminders.ts'
import { signOffsThatCount } from '../access-lists/review-list.ts'
import { isReviewable } from '../access-lists/next-audit-date.ts'
import { suspensionOf } from '../access-lists/review-status.ts'
import type { View } from '../desired-state/view.ts'
import { memberName, userNameOf } from '../documents/audit-fields.ts'
import { formatInstant, type Instant } from '../kernel/instant.ts'
import type { AccessListId } from '../kernel/names.ts'
import { denyingRole, hidingRole, mayAct, mayActOnKind } from '../roles/rules.ts'
import { hasOtherOwner } from './other-owners.ts'
import type { Task, TaskKind } from './task.ts'
import type { TaskOwner } from './tasks-of.ts'

/** Why a list is this person's to look after. */
type Part = 'owner' | 'stand-in' | 'administrator'

/** Reviews that wait for this person, and removals that he has to see to in another system. */
export function listTasks(person: TaskOwner, view: View, now: Instant): readonly Task[] {
  const partIn = partsOf(person, view, now)
  return view.lists.flatMap((list) => {
    const part = partIn(list)
    if (!part) return []
    return [...reviewTask(list, part, person, view, now), ...removalTasks(list, part, view, now)]
  })
}

function partsOf(person: TaskOwner, view: View, now: Instant): (list: AccessList) => Part | undefined {
  const { user, roles } = person
  const memberships = membershipsOf(user, view, now)
  const owned: ReadonlyMap<AccessListId, unknown> = ownershipsOf(user, view, memberships)
  const administers = mayActOnKind(roles, 'update', 'access_list')
  return (list) => {
    const resource = { name: list.id, labels: list.labels }
    const part = owned.has(list.id)
      ? 'owner'
      : isEscalatedTo(list, user, memberships, now)
        ? 'stand-in'
        : administers &&
            mayAct(roles, 'update', 'access_list', resource) &&
            mayAct(roles, 'read', 'access_list', resource)
          ? 'administrator'
          : undefined
    if (!part || part === 'administrator') return part
    const isBarred = hidingRole(roles, 'access_list', resource) ?? denyingRole(roles, 'update', 'access_list', resource)
    return isBarred ? undefined : part
  }
}

/** Owners are told in time; administrators only of what nobody else can do. */
function reviewTask(list: AccessList, part: Part, { user }: TaskOwner, view: View, now: Instant): readonly Task[] {
  const dueAt = list.audit.nextAuditDate
  if (!isReviewable(list) || dueAt === undefined) return []
  const signed = signOffsThatCount(list, view, now)
  if (signed.some((signOff) => signOff.user === user.id)) return []
  const [first] = signed
  const reminder = remindersOf(list, now).at(-1)
  if (!first && !reminder) return []
  if (part === 'administrator') {
    const isOverdue = dueAt <= now
    if (!(first ?? isOverdue) || hasOtherOwner(list, new Set(signed.map((signOff) => signOff.user)), view, now))
      return []
  }
  const kind: TaskKind = first ? 'second-review' : part === 'owner' ? 'list-review' : 'escalated-review'
  const since = first?.at ?? reminder?.since ?? dueAt
  const suspendsAt = suspensionOf(list)
  const stage = first ? `signed-${signed.length}` : (reminder?.stage ?? 'open')
  return [
    {
      id: `${kind}/${list.id}/${formatInstant(dueAt)}/${stage}`,
      kind,
      subject: { kind: 'access_list', id: list.id, title: list.title },
      since,
      due: dueAt,
      ...(suspendsAt === undefined ? {} : { suspendsAt }),
      text: first
        ? `"${list.title}" was reviewed by ${signed.map((one) => userNameOf(one.user, view)).join(', ')}; somebody else has to review it as well.`
        : reviewText(list, reminder, suspendsAt),
      todo: `tctl acl reviews rows ${list.id}, then tctl acl reviews create ${list.id}`,
    },
  ]
}

function reviewText({ title }: AccessList, reminder: Reminder | undefined, suspendsAt: Instant | undefined): string {
  const due = reminder && formatInstant(reminder.dueAt)
  const unless =
    suspendsAt === undefined ? '' : ` Unreviewed it gives nothing more from ${formatInstant(suspendsAt)} on.`
  switch (reminder?.stage) {
    case undefined:
    case 'open':
      return `"${title}" is up for review until ${due}.${unless}`
    case 'soon':
      return `The review of "${title}" is due soon: ${due}.${unless}`
    case 'overdue':
      return `The review of "${title}" was due ${due}.${unless}`
    case 'escalated':
      return `The review of "${title}" was due ${due} and has gone to further people.${unless}`
    case 'suspended':
      return `"${title}" gives nothing, because its review was due ${due}. With the review everything is back.`
  }
}

/** Closed by itself: once the member is gone, or was let in anew, there is nothing left to ask for. */
function removalTasks(list: AccessList, part: Part, view: View, now: Instant): readonly Task[] {
  if (keepsMembers(list) || part === 'stand-in') return []
  if (part === 'administrator' && hasOtherOwner(list, new Set(), view, now)) return []
  return (list.askedRemovals ?? []).flatMap(({ member: key, by, at }): readonly Task[] => {
    const member = list.members.find((entry) => memberKey(entry) === key)
    if (!member || hasExpired(member, now) || member.joined > at) return []
    const name = memberName(member, view)
    return [
      {
        id: `removal-elsewhere/${list.id}/${key}/${formatInstant(at)}`,
        kind: 'removal-elsewhere',
        subject: { kind: 'access_list', id: list.id, title: list.title },
        since: at,
        text: `${name} is to go out of "${list.title}", as ${by} found in the review.`,
        todo: `Remove ${name} in the system that manages "${list.title}"; the task ends with the next change from there`,
      },
    ]
  })
}
