import type { AccessList } from '../access-lists/access-list.ts'
import { hasExpired, meetsRequirements, membershipsOf } from '../access-lists/memberships.ts'
import type { View } from '../desired-state/view.ts'
import { type GrantKey, grantKey } from '../identity-center/account-assignment.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId } from '../kernel/names.ts'
import { canonicalName } from '../roles/role-names.ts'
import type { User } from '../users/user.ts'
import { type AccessRequest, isRoleRequest, type RequestDetails } from './access-request.ts'
import { grantsOfRole } from '../roles/grants-of-role.ts'

/** Lists that somebody could be a member of for good, and what of a request each of them gives. */
export interface LongTerm {
  /** By list: the account assignments it gives, of those asked for. */
  readonly covers: ReadonlyMap<AccessListId, readonly GrantKey[]>
  /** The one that gives most of it; of several the one that gives least besides. */
  readonly recommended?: AccessListId
  readonly canProceed: boolean
  /** Why it can not proceed, in plain words; empty when it can. */
  readonly message: string
}

/** What it would take to give a request for good (governance facts, 5.8). */
export function longTermOf(
  request: Pick<RequestDetails, 'resources' | 'applications'>,
  user: User,
  view: View,
  now: Instant,
): LongTerm {
  const wanted = request.resources.map(grantKey)
  const lists = joinable(user, view, now).map((list) => ({ list, ...givenBy(list, view, now) }))
  const fitting = lists
    .map(({ list, grants }) => ({ list, given: wanted.filter((grant) => grants.has(grant)), size: grants.size }))
    .filter(({ given }) => given.length > 0)
    .toSorted((a, b) => b.given.length - a.given.length || a.size - b.size || (a.list.title < b.list.title ? -1 : 1))
  const [best] = fitting
  const covers = new Map(fitting.map(({ list, given }) => [list.id, given]))
  const refuse = (message: string): LongTerm => ({
    covers,
    ...(best ? { recommended: best.list.id } : {}),
    canProceed: false,
    message,
  })
  if (request.applications.length > 0 || wanted.length === 0)
    return refuse('Only account assignments can be asked for in the long term.')
  if (!best) return refuse('No access list that you could join gives any of it.')
  if (best.given.length === wanted.length) return { covers, recommended: best.list.id, canProceed: true, message: '' }
  const covered = new Set(fitting.flatMap(({ given }) => given))
  return refuse(
    wanted.every((grant) => covered.has(grant))
      ? 'No access list gives all of it by itself: ask for what belongs to one list at a time.'
      : 'No access list that you could join gives all of it: leave out what none gives.',
  )
}

/** Lists whose members are kept here, that he is not in and whose requirements, and those of the lists above, he meets. */
export function joinable(user: User, view: View, now: Instant): readonly AccessList[] {
  const memberships = membershipsOf(user, view, now)
  return view.lists.filter(
    (list) =>
      list.type !== 'scim' &&
      !memberships.has(list.id) &&
      listsAbove(list, view, now).every(({ membershipRequires }) => meetsRequirements(user, membershipRequires)),
  )
}

/** How well a list fits a request that it covers: the less it gives besides, the better. */
export function surplusOf(list: AccessList, request: AccessRequest, view: View, now: Instant): number {
  const { grants, names } = givenBy(list, view, now)
  return isRoleRequest(request) ? names.size - request.roles.length : grants.size - request.resources.length
}

/** Says whether a member of a list has for good what a request asks for. */
export function coversRequest(list: AccessList, request: AccessRequest, view: View, now: Instant): boolean {
  // Membership gives account assignments and roles, and lets nobody in to an application that was asked for by name.
  if (request.applications.length > 0) return false
  const { grants, names } = givenBy(list, view, now)
  if (isRoleRequest(request)) return request.roles.every((reference) => names.has(canonicalName(reference, view)))
  return request.resources.every((resource) => grants.has(grantKey(resource)))
}

/** What a member of a list is given, by it and by the lists that it is in. */
function givenBy(
  list: AccessList,
  view: View,
  now: Instant,
): { readonly grants: ReadonlySet<GrantKey>; readonly names: ReadonlySet<string> } {
  const given = listsAbove(list, view, now).map(({ grants }) => grants)
  const grants = given.flatMap(({ roles, traits }) =>
    roles.flatMap((reference) => [...grantsOfRole(reference, view, traits)]),
  )
  const names = given.flatMap(({ roles }) => roles.map((reference) => canonicalName(reference, view)))
  return { grants: new Set(grants), names: new Set(names) }
}

/** The list and every list it is a member of, as long as no entry has ended: being in the first is being in all. */
function listsAbove(list: AccessList, view: View, now: Instant): readonly AccessList[] {
  const reached = new Set<AccessListId>([list.id])
  for (const id of reached)
    for (const { list: parent, member } of view.entriesOfList.get(id) ?? [])
      if (!hasExpired(member, now)) reached.add(parent.id)
  return [...reached].flatMap((id) => view.listById.get(id) ?? [])
}
