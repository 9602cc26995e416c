import { longest, soonest } from '../access-lists/memberships.ts'
import { desiredForGroup, desiredForUser, leasesEnd } from '../desired-state/desired-for.ts'
import type { View } from '../desired-state/view.ts'
import { accountOfKey, type GrantKey } from '../identity-center/account-assignment.ts'
import type { Instant } from '../kernel/instant.ts'

import type { RoleName } from '../kernel/names.ts'
import { matches } from '../kernel/pattern.ts'
import type { EffectiveRoles } from '../roles/effective-roles.ts'
import { grantsOfRole } from '../roles/grants-of-role.ts'
import { canonicalName, referTo } from '../roles/role-names.ts'
import type { RoleReference } from '../roles/role.ts'
import type { User } from '../users/user.ts'

/** Says whether somebody may ask for a role; the name is the canonical one. A deny wins. */
export function mayRequestRole(name: RoleName, roles: EffectiveRoles): boolean {
  return (
    !isDenied(name, roles) && roles.allowing.some(({ allow }) => allow.request.roles.some((one) => matches(one, name)))
  )
}

/** The roles through which somebody may ask for resources: names that are meant literally, less what is denied. */
export function searchRoles(roles: EffectiveRoles, view: View): readonly RoleReference[] {
  const names = new Set(
    roles.allowing.flatMap(({ allow }) => allow.request.searchAsRoles.map((name) => canonicalName({ name }, view))),
  )
  const denied = new Set(
    roles.denying.flatMap(({ deny }) => deny.request.searchAsRoles.map((name) => canonicalName({ name }, view))),
  )
  return [...names].filter((name) => !denied.has(name) && !isDenied(name, roles)).map((name) => referTo(name, view))
}

const isDenied = (name: RoleName, roles: EffectiveRoles): boolean =>
  roles.denying.some(({ deny }) => deny.request.roles.some((pattern) => matches(pattern, name)))

/** What somebody's own denies take away, whatever is granted to him. */
export const deniedGrants = (roles: EffectiveRoles, view: View): ReadonlySet<GrantKey> =>
  new Set(roles.deniedAssignments.flatMap((entries) => [...view.expand(entries)]))

/** Everything that somebody is to have in AWS, directly or through groups, and until when. */
export function heldGrants(user: User, view: View, now: Instant): ReadonlyMap<GrantKey, Instant | undefined> {
  const held = new Map<GrantKey, Instant | undefined>()
  const add = (grant: GrantKey, until: Instant | undefined): void => {
    held.set(grant, held.has(grant) ? longest(held.get(grant), until) : until)
  }
  const desired = desiredForUser(user, view, now)
  for (const [grant, leases] of desired.assignments) add(grant, leasesEnd(leases))
  for (const [group, membership] of desired.groups) {
    const side = group.endsWith('/owners') ? 'owners' : 'members'
    const list = view.listById.get(membership.list)
    const wanted = list && desiredForGroup(list, side, view, now)
    for (const [grant, leases] of wanted?.assignments ?? []) add(grant, soonest(leasesEnd(leases), membership.until))
  }
  return held
}

export interface RequestableGrants {
  has(grant: GrantKey): boolean
  keys(): Iterable<GrantKey>
}

/**
 * Everything that somebody may ask for through the roles he may search with, and does not have for good. It may be all of
 * a large organization, so nothing of it is copied.
 */
export function requestableGrants(user: User, roles: EffectiveRoles, view: View, now: Instant): RequestableGrants {
  const denied = deniedGrants(roles, view)
  const held = heldGrants(user, view, now)
  const lasting = lastingAccounts(view)
  const offered = union(searchRoles(roles, view).map((reference) => grantsOfRole(reference, view, user.traits)))
  const isFree = (grant: GrantKey): boolean =>
    !denied.has(grant) && !isHeldForGood(grant, held) && !lasting.has(accountOfKey(grant))
  return {
    has: (grant) => offered.has(grant) && isFree(grant),
    keys: () => offered.values().filter(isFree),
  }
}

function union([first = new Set(), ...others]: readonly ReadonlySet<GrantKey>[]): ReadonlySet<GrantKey> {
  if (others.length === 0) return first
  const all = new Set(first)
  for (const one of others) for (const grant of one) all.add(grant)
  return all
}

export const isHeldForGood = (grant: GrantKey, held: ReadonlyMap<GrantKey, Instant | undefined>): boolean =>
  held.has(grant) && held.get(grant) === undefined

/**
 * Removing an assignment in the management account takes permissions that Identity Center's own integration lacks (IAM
 * Identity Center User Guide, "Delegated administration"), so nothing with an end is given there.
 */
export const mayEnd = (grant: GrantKey, view: View): boolean => !lastingAccounts(view).has(accountOfKey(grant))

const lastingIn = new WeakMap<View, ReadonlySet<string>>()

/** Accounts in which nothing that is given can be taken away. */
function lastingAccounts(view: View): ReadonlySet<string> {
  const { catalogue, organization } = view
  const known = lastingIn.get(view)
  if (known) return known
  const management = [...catalogue.accounts.values()].filter(({ isManagement }) => isManagement).map(({ id }) => id)
  const lasting = new Set([organization.managementAccount, ...management])
  lastingIn.set(view, lasting)
  return lasting
}
