import { type Membership, soonest } from '../access-lists/memberships.ts'
import { suspensionOf } from '../access-lists/review-status.ts'
import type { Instant } from '../kernel/instant.ts'
import type { UserId } from '../kernel/names.ts'
import { finish, type Steps } from '../kernel/steps.ts'
import type { GroupKey } from '../organizations/link.ts'
import { type DesiredGroup, desiredForGroup, desiredForUser, type DesiredUser } from './desired-for.ts'
import type { OrganizationView } from './view.ts'

/** What AWS should hold. */
export interface DesiredState {
  readonly users: ReadonlyMap<UserId, DesiredUser>
  readonly groups: ReadonlyMap<GroupKey, DesiredGroup>
  /** Members of each wanted group, turned round from what each user is in. */
  readonly membersOf: ReadonlyMap<GroupKey, ReadonlyMap<UserId, Membership>>
  /** The next instant at which time alone changes the answer. */
  readonly nextChangeAt: Instant | undefined
}

/** The union over all principals of what each should hold. */
export const computeDesiredState = (view: OrganizationView, now: Instant): DesiredState =>
  finish(desiredStateInSteps(view, now))

/** The same, with a step for each user and each list. */
export function* desiredStateInSteps(view: OrganizationView, now: Instant): Steps<DesiredState> {
  const users = new Map<UserId, DesiredUser>()
  for (const user of view.users) {
    users.set(user.id, desiredForUser(user, view, now))
    yield
  }
  const groups = new Map<GroupKey, DesiredGroup>()
  for (const list of view.lists) {
    for (const side of ['members', 'owners'] as const) {
      const group = desiredForGroup(list, side, view, now)
      if (group) groups.set(group.group, group)
    }
    yield
  }
  return { users, groups, membersOf: turnRound(users), nextChangeAt: nextChangeAfter(view, now) }
}

function turnRound(users: ReadonlyMap<UserId, DesiredUser>): Map<GroupKey, Map<UserId, Membership>> {
  const membersOf = new Map<GroupKey, Map<UserId, Membership>>()
  for (const { user, groups } of users.values()) {
    for (const [group, membership] of groups) {
      const members = membersOf.get(group) ?? new Map<UserId, Membership>()
      membersOf.set(group, members.set(user, membership))
    }
  }
  return membersOf
}

/** Starts and ends of requests, ends of members' entries and of locks, suspensions: what happens without anybody. */
export function nextChangeAfter(view: OrganizationView, now: Instant): Instant | undefined {
  const instants: Instant[] = []
  for (const request of view.requests)
    if (request.state === 'approved') instants.push(request.startsAt, request.expiresAt)
  for (const list of view.lists) {
    const suspendsAt = suspensionOf(list)
    if (suspendsAt !== undefined) instants.push(suspendsAt)
    for (const member of list.members) if (member.expires !== undefined) instants.push(member.expires)
  }
  for (const lock of view.locks) if (lock.expires !== undefined) instants.push(lock.expires)
  const ahead = instants.filter((instant) => instant > now)
  return ahead.reduce<Instant | undefined>((a, b) => soonest(a, b), undefined)
}
