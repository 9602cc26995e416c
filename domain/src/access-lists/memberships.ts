import type { AwsUserId } from '../identity-center/account-assignment.ts'
import type { View } from '../desired-state/view.ts'
import { earliest, type Instant, latest } from '../kernel/instant.ts'
import type { AccessListId } from '../kernel/names.ts'
import type { User } from '../users/user.ts'
import type { AccessList, Member, Requirements } from './access-list.ts'
import { isSuspended } from './review-status.ts'

/** Until when somebody is in a list, if nobody decides otherwise, and how he got there. */
export interface Membership {
  readonly list: AccessListId
  readonly until: Instant | undefined
  /** From the list that names the user up to `list`. */
  readonly path: readonly AccessListId[]
}

/**
 * The lists a user is in at one instant, directly or through lists inside lists. Each list on the way must have an
 * unexpired entry and the user must meet each one's requirements. Of several ways the one that lasts longest counts,
 * so the walk ends even when lists contain one another: a way around a circle never lasts longer. Through a suspended
 * list nobody is in others.
 */
export function membershipsOf(user: User, view: View, now: Instant): ReadonlyMap<AccessListId, Membership> {
  const found = new Map<AccessListId, Membership>()
  const open: Membership[] = []
  const reach = (list: AccessList, entry: Member, before: Membership | undefined): void => {
    if (hasExpired(entry, now) || !meetsRequirements(user, list.membershipRequires)) return
    const until = soonest(entry.expires, before?.until)
    const known = found.get(list.id)
    if (known && !lastsLonger(until, known.until)) return
    const membership = membershipThrough(before?.path, list, until)
    found.set(list.id, membership)
    open.push(membership)
  }

  for (const { list, member } of view.entriesOfUser.get(user.id) ?? []) reach(list, member, undefined)
  for (const inner of open) {
    if (passesNothingOn(view.listById.get(inner.list), now)) continue
    for (const { list, member } of view.entriesOfList.get(inner.list) ?? []) reach(list, member, inner)
  }
  return found
}

/** The lists a user owns: named there, or in a list that is named there; and the owners' requirements are met. */
export function ownershipsOf(
  user: User,
  view: View,
  memberships: ReadonlyMap<AccessListId, Membership>,
): ReadonlyMap<AccessListId, Membership> {
  const found = new Map<AccessListId, Membership>()
  const own = (id: AccessListId, until: Instant | undefined, path: readonly AccessListId[] | undefined): void => {
    const list = view.listById.get(id)
    if (!list || !meetsRequirements(user, list.ownershipRequires)) return
    const known = found.get(id)
    if (!known || lastsLonger(until, known.until)) found.set(id, membershipThrough(path, list, until))
  }
  for (const id of view.listsOwnedBy.get(user.id) ?? []) own(id, undefined, undefined)
  for (const membership of memberships.values()) {
    for (const id of view.ownedThrough.get(membership.list) ?? []) own(id, membership.until, membership.path)
  }
  return found
}

// Thousands come to a list by the same way: they share one object for it, or the memberships of a large organization
// would take gigabytes.
const firstPaths = new WeakMap<AccessList, readonly AccessListId[]>()
const nextPaths = new WeakMap<readonly AccessListId[], Map<AccessListId, readonly AccessListId[]>>()
const endless = new WeakMap<readonly AccessListId[], Membership>()

function membershipThrough(
  before: readonly AccessListId[] | undefined,
  list: AccessList,
  until: Instant | undefined,
): Membership {
  const path = before ? pathAfter(before, list.id) : (firstPaths.get(list) ?? [list.id])
  if (!before) firstPaths.set(list, path)
  if (until !== undefined) return { list: list.id, until, path }
  const known = endless.get(path) ?? { list: list.id, until, path }
  endless.set(path, known)
  return known
}

function pathAfter(before: readonly AccessListId[], list: AccessListId): readonly AccessListId[] {
  const known = nextPaths.get(before) ?? new Map<AccessListId, readonly AccessListId[]>()
  nextPaths.set(before, known)
  const path = known.get(list) ?? [...before, list]
  known.set(list, path)
  return path
}

/** The people whom only AWS knows, reachable from a list. They have no roles or traits, so they meet no requirement. */
export function awsOnlyMembersOf(
  root: AccessList,
  view: View,
  now: Instant,
): ReadonlyMap<AwsUserId, Instant | undefined> {
  const users = new Map<AwsUserId, Instant | undefined>()
  const reached = new Map<AccessListId, Instant | undefined>([[root.id, undefined]])
  const open: AccessList[] = [root]
  for (const list of open) {
    if (!asksNothing(list.membershipRequires)) continue
    for (const member of list.members) {
      if (hasExpired(member, now) || member.kind === 'user') continue
      const until = soonest(member.expires, reached.get(list.id))
      if (member.kind === 'aws-only') {
        if (!users.has(member.awsUser) || lastsLonger(until, users.get(member.awsUser)))
          users.set(member.awsUser, until)
        continue
      }
      const inner = view.listById.get(member.list)
      if (
        !inner ||
        passesNothingOn(inner, now) ||
        (reached.has(inner.id) && !lastsLonger(until, reached.get(inner.id)))
      )
        continue
      reached.set(inner.id, until)
      open.push(inner)
    }
  }
  return users
}

/** The first list that is suspended on the way by which somebody is a member or an owner. */
export function suspendedOn({ path }: Membership, view: View, now: Instant): AccessList | undefined {
  for (const id of path) {
    const list = view.listById.get(id)
    if (list && isSuspended(list, now)) return list
  }
  return undefined
}

/** Of what somebody is in or owns, what gives him anything now. */
export const giving = (
  memberships: ReadonlyMap<AccessListId, Membership>,
  view: View,
  now: Instant,
): ReadonlyMap<AccessListId, Membership> =>
  new Map([...memberships].filter(([, membership]) => !suspendedOn(membership, view, now)))

const passesNothingOn = (list: AccessList | undefined, now: Instant): boolean =>
  list !== undefined && isSuspended(list, now)

/** Exact to the millisecond: at the instant of its end an entry has ended. */
export const hasExpired = (entry: { readonly expires?: Instant }, now: Instant): boolean =>
  entry.expires !== undefined && entry.expires <= now

/** Every role and every value of every trait that is asked for; of the user's own, not of what lists give. */
export function meetsRequirements(user: User, requirements: Requirements): boolean {
  if (asksNothing(requirements)) return true
  const roles = new Set(user.roles.map(({ name }) => name))
  return (
    requirements.roles.every((role) => roles.has(role)) &&
    Object.entries(requirements.traits).every(([key, values]) =>
      values.every((value) => user.traits[key]?.includes(value)),
    )
  )
}

const asksNothing = (requirements: Requirements): boolean =>
  requirements.roles.length === 0 && Object.keys(requirements.traits).length === 0

/** The earlier of two ends, where none means never. */
export function soonest(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined) return b
  return b === undefined ? a : earliest(a, b)
}

/** The later of two ends, where none means never. */
export function longest(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  return a === undefined || b === undefined ? undefined : latest(a, b)
}

const lastsLonger = (a: Instant | undefined, b: Instant | undefined): boolean =>
  b !== undefined && (a === undefined || a > b)
