import type { Entry, View } from '../desired-state/view.ts'
import { formatInstant, type Instant } from '../kernel/instant.ts'
import type { AccessListId, AccessListReviewId, RoleName, Traits, UserName } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'
import type { User } from '../users/user.ts'
import {
  type AccessList,
  type AskedRemoval,
  type Member,
  memberKey,
  type Requirements,
  type ReviewSchedule,
  type SignOff,
} from './access-list.ts'
import { keepsMembers, standingIn } from './manage-members.ts'
import { membershipsOf } from './memberships.ts'
import { dateAfterReview, isReviewable } from './next-audit-date.ts'
import { reviewStatusOf } from './review-status.ts'

/** What somebody found when he went through a list, and what he changed. Never changes, and outlives the list. */
export interface AccessListReview {
  readonly id: AccessListReviewId
  readonly list: AccessListId
  /** By the name he had then. */
  readonly reviewer: UserName
  readonly reviewedAt: Instant
  readonly notes: string
  readonly changes: ReviewChanges
  /** The date it set; absent where somebody else has to review the list as well. */
  readonly nextAuditDate?: Instant
}

export interface ReviewChanges {
  /** Names of users, ids of lists. */
  readonly removedMembers: readonly string[]
  /** The same of whom another system has to take out; absent where members are kept here. */
  readonly askedRemovals?: readonly string[]
  readonly membershipRequires?: { readonly roles: readonly RoleName[]; readonly traits: Traits }
  readonly frequencyMonths?: ReviewSchedule['frequencyMonths']
  readonly dayOfMonth?: ReviewSchedule['dayOfMonth']
}

export interface ReviewOfList {
  readonly notes: string
  /** Entries of the list. */
  readonly removed: readonly Member[]
  readonly membershipRequires?: Requirements
  readonly frequencyMonths?: ReviewSchedule['frequencyMonths']
  readonly dayOfMonth?: ReviewSchedule['dayOfMonth']
}

export interface Reviewed {
  readonly list: AccessList
  readonly nextAuditDate: Instant | undefined
  /** What is missing before the review is complete, in words. */
  readonly waitingFor: string | undefined
}

/**
 * A review, and what it makes of the list. Who was taken out is out at once, unless another system keeps the members: it
 * is asked for then. The next date is set when as many people
 * have reviewed it as have to. Nobody certifies himself: whoever is still a member needs a second reviewer.
 * @throws DomainError `refused`
 */
export function reviewList(
  list: AccessList,
  reviewer: { readonly user: User; readonly isAdministrator: boolean },
  review: ReviewOfList,
  view: View,
  now: Instant,
): Reviewed {
  checkListReviewer(list, reviewer, view, now)
  const { removed, membershipRequires, frequencyMonths, dayOfMonth } = review
  if (membershipRequires && !reviewer.isAdministrator) refuseWidening(list.membershipRequires, membershipRequires)
  const gone = new Set(removed.map(memberKey))
  const changed: AccessList = {
    ...list,
    ...(keepsMembers(list)
      ? { members: list.members.filter((member) => !gone.has(memberKey(member))) }
      : { askedRemovals: removalsAsked(list, gone, reviewer.user, now) }),
    ...(membershipRequires ? { membershipRequires } : {}),
    audit: {
      ...list.audit,
      ...(frequencyMonths === undefined ? {} : { frequencyMonths }),
      ...(dayOfMonth === undefined ? {} : { dayOfMonth }),
    },
  }
  const before = signOffsThatCount(changed, view, now).filter(({ user }) => user !== reviewer.user.id)
  const signOffs: readonly SignOff[] = [...before, { user: reviewer.user.id, at: now }]
  const waitingFor = whatIsMissing(changed, signOffs, view, now)
  if (waitingFor !== undefined) return { list: { ...changed, signOffs }, nextAuditDate: undefined, waitingFor }
  const nextAuditDate = dateAfterReview(changed.audit, now)
  const audit = { ...changed.audit, nextAuditDate }
  return { list: { ...changed, audit, signOffs: [] }, nextAuditDate, waitingFor: undefined }
}

/**
 * Owners review their lists, and whom an overdue one has gone to; an administrator may step in when they have let the
 * date pass, or when one of them waits for somebody else.
 */
export function mayReviewList(
  list: AccessList,
  { user, isAdministrator }: { readonly user: User; readonly isAdministrator: boolean },
  view: View,
  now: Instant,
): boolean {
  const status = reviewStatusOf(list, now)
  if (!isReviewable(list)) return false
  const { isOwner, isStandIn } = standingIn(list, user, view, now)
  if (isOwner || isStandIn) return true
  return isAdministrator && (status?.state === 'overdue' || list.signOffs.length > 0)
}

/** @throws DomainError `refused` for whoever may not review the list now */
export function checkListReviewer(
  list: AccessList,
  reviewer: { readonly user: User; readonly isAdministrator: boolean },
  view: View,
  now: Instant,
): void {
  if (!isReviewable(list))
    throw refused(
      `"${list.title}" is kept elsewhere, so nobody reviews it here.`,
      list.type === 'scim'
        ? 'Review it where it is kept, or give it an audit.next_audit_date.'
        : 'Review it where it is kept.',
    )
  if (mayReviewList(list, reviewer, view, now)) return
  if (!reviewer.isAdministrator) throw refused('Only owners of a list review it.', 'Ask one of its owners.')
  const { nextAuditDate } = list.audit
  throw refused(
    'Administrators review a list only when its owners have let the date pass.',
    `Ask one of its owners${nextAuditDate === undefined ? '' : `, or wait until ${formatInstant(nextAuditDate)}`}.`,
  )
}

/** Who is in the list is for its owners to narrow; to widen it is for administrators. */
function refuseWidening(before: Requirements, after: Requirements): void {
  const keepsRoles = before.roles.every((role) => after.roles.includes(role))
  const keepsTraits = Object.entries(before.traits).every(([key, values]) =>
    values.every((value) => after.traits[key]?.includes(value)),
  )
  if (keepsRoles && keepsTraits) return
  throw refused('A review may only add to what members must have.', 'Ask an administrator to change the list.')
}

/** Of those who have reviewed it: who still may, and whoever has seen everybody who is in it now. */
export function signOffsThatCount(list: AccessList, view: View, now: Instant): readonly SignOff[] {
  return list.signOffs.filter(({ user: id, at }) => {
    const user = view.userById.get(id)
    return (
      user !== undefined &&
      !view.isLocked({ kind: 'user', user: id }, now) &&
      list.members.every(({ joined }) => joined <= at)
    )
  })
}

function whatIsMissing(list: AccessList, signOffs: readonly SignOff[], view: View, now: Instant): string | undefined {
  const missing = list.audit.requiredReviewers - signOffs.length
  if (missing > 0) return `${missing} more ${missing === 1 ? 'person has' : 'people have'} to review it.`
  const certifiesHimself = signOffs.some(({ user: id }) => {
    const user = view.userById.get(id)
    return user !== undefined && membershipsOf(user, asReviewed(list, user, view), now).has(list.id)
  })
  if (signOffs.length > 1 || !certifiesHimself) return undefined
  return 'You are a member, and nobody certifies himself: somebody else has to review it as well, or you take yourself out.'
}

/** A review begins anew with what it wants gone; several people's reviews of one date add up. */
function removalsAsked(
  list: AccessList,
  members: ReadonlySet<string>,
  reviewer: User,
  now: Instant,
): readonly AskedRemoval[] {
  const before =
    list.signOffs.length === 0 ? [] : (list.askedRemovals ?? []).filter(({ member }) => !members.has(member))
  return [...before, ...[...members].map((member) => ({ member, by: reviewer.name, at: now }))]
}

/** The entries of one user as they are once the list is what the review makes of it. */
function asReviewed(list: AccessList, user: User, view: View): View {
  const left = new Map(list.members.map((member) => [memberKey(member), member]))
  const settle = (entries: readonly Entry[]): readonly Entry[] =>
    entries.flatMap((entry): readonly Entry[] => {
      if (entry.list.id !== list.id) return [entry]
      const member = left.get(memberKey(entry.member))
      return member ? [{ list, member }] : []
    })
  return {
    ...view,
    entriesOfUser: new Map([[user.id, settle(view.entriesOfUser.get(user.id) ?? [])]]),
    entriesOfList: new Map([...view.entriesOfList].map(([id, entries]) => [id, settle(entries)])),
  }
}

const refused = (message: string, remedy: string): DomainError => new DomainError({ code: 'refused', message, remedy })
