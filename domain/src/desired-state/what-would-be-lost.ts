import { type AccessList, type Member, memberKey } from '../access-lists/access-list.ts'
import { hasExpired } from '../access-lists/memberships.ts'
import type { GrantKey } from '../identity-center/account-assignment.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId } from '../kernel/names.ts'
import { groupKey, type GroupSide } from '../organizations/link.ts'
import type { User } from '../users/user.ts'
import { desiredForUser, leasesOfList } from './desired-for.ts'
import type { OrganizationView, View } from './view.ts'

/** What taking an entry out of a list takes away in AWS. */
export interface WouldBeLost {
  /** Of a user, what he then holds in no other way; otherwise what the entry gives those who come by it. */
  readonly grants: readonly GrantKey[]
  /** How many people are behind the entry. */
  readonly people: number
}

export function whatWouldBeLost(list: AccessList, member: Member, view: View, now: Instant): WouldBeLost {
  if (member.kind === 'aws-only') return { grants: givenBy(list, view, now), people: 1 }
  if (member.kind === 'list') return { grants: givenBy(list, view, now), people: peopleIn(member.list, view, now) }
  const user = view.userById.get(member.user)
  if (!user) return { grants: [], people: 1 }
  // Only this user is asked about, so only his entries have to be right.
  const entries = (view.entriesOfUser.get(user.id) ?? []).filter((entry) => entry.list.id !== list.id)
  const entriesOfUser = new Map([[user.id, entries]])
  const lost = view.byOrganization.flatMap((one) => {
    const left = grantsHeldBy(user, { ...one, entriesOfUser }, now)
    return [...grantsHeldBy(user, one, now)].filter((grant) => !left.has(grant))
  })
  return { grants: lost, people: 1 }
}

/** What taking entries out of a list together takes away, from whomever; `after` is what is there without them. */
export function whatIsLost(
  list: AccessList,
  members: readonly Member[],
  { before, after }: { readonly before: View; readonly after: View },
  now: Instant,
): ReadonlySet<GrantKey> {
  const lost = new Set<GrantKey>()
  for (const member of members) {
    const user = member.kind === 'user' ? before.userById.get(member.user) : undefined
    const grants = user ? lostBy(user) : whatWouldBeLost(list, member, before, now).grants
    for (const grant of grants) lost.add(grant)
  }
  return lost

  // Asked of the views themselves, which work out once what a list gives.
  function lostBy(user: User): readonly GrantKey[] {
    return before.byOrganization.flatMap((one, index) => {
      const left = after.byOrganization[index]
      const kept = left && grantsHeldBy(user, left, now)
      return [...grantsHeldBy(user, one, now)].filter((grant) => !kept?.has(grant))
    })
  }
}

/** Every account assignment that somebody should have in an organization, directly or by a group. */
export function grantsHeldBy(user: User, view: OrganizationView, now: Instant): ReadonlySet<GrantKey> {
  const { assignments, groups } = desiredForUser(user, view, now)
  const held = new Set(assignments.keys())
  for (const [key, membership] of groups) {
    const list = view.listById.get(membership.list)
    const side = key === groupKey(membership.list, 'members') ? 'members' : 'owners'
    if (list) for (const grant of leasesOfList(list, side, view, now).keys()) held.add(grant)
  }
  return held
}

/** What being in a list gives, through the lists around it too. */
function givenBy(list: AccessList, view: View, now: Instant): readonly GrantKey[] {
  const grants = new Set<GrantKey>()
  const reached = new Set<AccessListId>([list.id])
  for (const id of reached) {
    const current = view.listById.get(id)
    if (!current) continue
    for (const grant of heldByGroup(current, 'members', view, now)) grants.add(grant)
    for (const owned of view.ownedThrough.get(id) ?? []) {
      const of = view.listById.get(owned)
      for (const grant of of ? heldByGroup(of, 'owners', view, now) : []) grants.add(grant)
    }
    for (const parent of view.parentsOf.get(id) ?? []) {
      const entry = view.listById.get(parent)?.members.find((one) => one.kind === 'list' && one.list === id)
      if (entry && !hasExpired(entry, now)) reached.add(parent)
    }
  }
  return [...grants]
}

const heldByGroup = (list: AccessList, side: GroupSide, view: View, now: Instant): readonly GrantKey[] =>
  view.byOrganization.flatMap((one) => [...leasesOfList(list, side, one, now).keys()])

function peopleIn(root: AccessListId, view: View, now: Instant): number {
  const people = new Set<string>()
  const reached = new Set([root])
  for (const id of reached)
    for (const member of view.listById.get(id)?.members ?? []) {
      if (hasExpired(member, now)) continue
      if (member.kind === 'list') reached.add(member.list)
      else people.add(memberKey(member))
    }
  return people.size
}
