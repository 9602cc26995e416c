import { longest, soonest } from '../access-lists/memberships.ts'
import { desiredForGroup, desiredForUser, leasesEnd } from '../desired-state/desired-for.ts'
import type { View } from '../desired-state/view.ts'
import { type GrantKey, grantOfKey } from '../identity-center/account-assignment.ts'
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

/** Everything that somebody may ask for through the roles he may search with, and does not have for good. */
export function requestableGrants(
  user: User,
  roles: EffectiveRoles,
  view: View,
  now: Instant,
): ReadonlyMap<GrantKey, readonly RoleName[]> {
  const denied = deniedGrants(roles, view)
  const held = heldGrants(user, view, now)
  const requestable = new Map<GrantKey, RoleName[]>()
  for (const reference of searchRoles(roles, view)) {
    for (const grant of grantsOfRole(reference, view, user.traits)) {
      if (denied.has(grant) || isHeldForGood(grant, held) || !mayEnd(grant, view)) continue
      requestable.set(grant, [...(requestable.get(grant) ?? []), reference.name])
    }
  }
  return requestable
}

export const isHeldForGood = (grant: GrantKey, held: ReadonlyMap<GrantKey, Instant | undefined>): boolean =>
  held.has(grant) && held.get(grant) === undefined

/**
 * Removing an assignment in the management account takes permissions that Identity Center's own integration lacks (IAM
 * Identity Center User Guide, "Delegated administration"), so nothing with an end is given there.
 */
export function mayEnd(grant: GrantKey, { catalogue, organization }: View): boolean {
  const { account } = grantOfKey(grant)
  if (account === organization.managementAccount) return false
  return catalogue.accounts.get(account)?.isManagement !== true
}
