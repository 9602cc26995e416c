import { longest, soonest } from '../access-lists/memberships.ts'
import { desiredForGroup, desiredForUser, leasesEnd } from '../desired-state/desired-for.ts'
import type { OrganizationView, View } from '../desired-state/view.ts'
import { bothSets, NO_SETS, type PermissionSets, setsByAccount, setsWithout } from '../desired-state/sets-by-account.ts'
import { accountOfKey, type GrantKey, grantOfKey } from '../identity-center/account-assignment.ts'
import type { AccountId } from '../identity-center/account.ts'
import { sharedGrantKey } from '../identity-center/catalogue.ts'
import type { PermissionSetArn } from '../identity-center/permission-set.ts'
import type { Instant } from '../kernel/instant.ts'

import type { RoleName } from '../kernel/names.ts'
import { matches } from '../kernel/pattern.ts'
import type { EffectiveRoles } from '../roles/effective-roles.ts'
import { setsOfRole } from '../roles/grants-of-role.ts'
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
  for (const one of view.byOrganization) addHeld(held, user, one, now)
  return held
}

function addHeld(held: Map<GrantKey, Instant | undefined>, user: User, view: OrganizationView, now: Instant): void {
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
}

export interface RequestableGrants {
  has(grant: GrantKey): boolean
  keys(): Iterable<GrantKey>
  /** In accounts in which the same may be asked for it is the same set. */
  inAccount(account: AccountId): PermissionSets
}

/**
 * Everything that somebody may ask for through the roles he may search with, and does not have for good. It may be all of
 * a large organization, so it is worked out by account, and a pair only where somebody looks at it.
 */
export function requestableGrants(user: User, roles: EffectiveRoles, view: View, now: Instant): RequestableGrants {
  const { catalogue } = view
  const offered = searchRoles(roles, view).map((reference) => setsOfRole(reference, view, user.traits))
  const denied = roles.deniedAssignments.map((entries) => setsByAccount(entries, catalogue))
  const lasting = lastingAccounts(view)
  const held = heldForGood(user, view, now)
  const inAccount = (account: AccountId): PermissionSets => {
    if (lasting.has(account)) return NO_SETS
    const all = offered.map((setsIn) => setsIn(account)).reduce(bothSets, NO_SETS)
    const allowed = denied.map((sets) => sets.get(account) ?? NO_SETS).reduce(setsWithout, all)
    return setsWithout(allowed, held.get(account) ?? NO_SETS)
  }
  return {
    inAccount,
    has(grant) {
      const { account, permissionSet } = grantOfKey(grant)
      return inAccount(account).has(permissionSet)
    },
    *keys() {
      for (const account of catalogue.accounts.keys())
        for (const arn of inAccount(account)) yield sharedGrantKey(catalogue, account, arn)
    },
  }
}

function heldForGood(user: User, view: View, now: Instant): ReadonlyMap<AccountId, PermissionSets> {
  const held = new Map<AccountId, Set<PermissionSetArn>>()
  for (const [grant, until] of heldGrants(user, view, now)) {
    if (until !== undefined) continue
    const { account, permissionSet } = grantOfKey(grant)
    held.set(account, (held.get(account) ?? new Set()).add(permissionSet))
  }
  return held
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
  const known = lastingIn.get(view)
  if (known) return known
  const lasting = new Set(
    view.byOrganization.flatMap(({ organization, catalogue: { accounts } }) => [
      organization.managementAccount,
      ...[...accounts.values()].filter(({ isManagement }) => isManagement).map(({ id }) => id),
    ]),
  )
  lastingIn.set(view, lasting)
  return lasting
}
