import type { View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import { DomainError } from '../kernel/problems.ts'
import type { User } from '../users/user.ts'
import { type AccessList, type Member, memberKey } from './access-list.ts'
import { isEscalatedTo } from './reminders.ts'
import { hasExpired, membershipsOf, ownershipsOf } from './memberships.ts'

/** What somebody has to do with a list; whoever has nothing to do with it does not learn that it exists. */
export interface Standing {
  readonly isOwner: boolean
  readonly isMember: boolean
  /** Its review is overdue and has gone to him as well. */
  readonly isStandIn: boolean
}
export const NO_STANDING: Standing = { isOwner: false, isMember: false, isStandIn: false }

export function standingIn(list: AccessList, user: User, view: View, now: Instant): Standing {
  if (view.isLocked({ kind: 'user', user: user.id }, now)) return NO_STANDING
  const memberships = membershipsOf(user, view, now)
  return {
    isMember: memberships.has(list.id),
    isOwner: ownershipsOf(user, view, memberships).has(list.id),
    isStandIn: isEscalatedTo(list, user, memberships, now),
  }
}

/** Adds a member, or changes end and reason of one that is there; who added him, and when, stays unless he had left. */
export function withMember(list: AccessList, member: Member, now: Instant): AccessList {
  refuseExternal(list)
  if (member.expires !== undefined && member.expires <= now)
    throw new DomainError({
      code: 'refused',
      message: 'The end of the membership is not in the future.',
      remedy: 'Choose a later end, or none.',
    })
  const key = memberKey(member)
  const before = list.members.find((known) => memberKey(known) === key)
  const isThere = before !== undefined && !hasExpired(before, now)
  const entry = isThere ? { ...member, joined: before.joined, addedBy: before.addedBy } : member
  const members = before
    ? list.members.map((known) => (memberKey(known) === key ? entry : known))
    : [...list.members, entry]
  return { ...list, members }
}

export function withoutMembers(list: AccessList, gone: readonly Member[]): AccessList {
  refuseExternal(list)
  const keys = new Set(gone.map(memberKey))
  return { ...list, members: list.members.filter((member) => !keys.has(memberKey(member))) }
}

/** Says whether the members are kept here, and not by another system. */
export const keepsMembers = ({ type }: Pick<AccessList, 'type'>): boolean => type !== 'scim'

/** @throws DomainError `refused` when another system keeps the members. */
export function refuseExternal(list: AccessList): void {
  if (keepsMembers(list)) return
  throw new DomainError({
    code: 'refused',
    message: `The members of "${list.title}" are kept by another system, which sends them by SCIM.`,
    remedy: 'Change them there.',
  })
}
