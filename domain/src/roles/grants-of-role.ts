import type { View } from '../desired-state/view.ts'
import { NO_SETS, type PermissionSets, setsByAccount, setsWithout } from '../desired-state/sets-by-account.ts'
import { type GrantKey, grantKey } from '../identity-center/account-assignment.ts'
import type { AccountId } from '../identity-center/account.ts'
import type { Traits } from '../kernel/names.ts'
import { allowedAssignments, deniedAssignments } from './expand-assignments.ts'
import type { RoleReference } from './role.ts'

/** What a role would give to somebody with these traits, its own denies taken off; nothing when it is unknown. */
export function grantsOfRole(reference: RoleReference, view: View, traits: Traits): ReadonlySet<GrantKey> {
  const resolved = view.resolveRole(reference)
  switch (resolved.kind) {
    case 'system':
      return new Set([grantKey(resolved.grant)])
    case 'stored':
      return without(
        view.expand(allowedAssignments(resolved.role.allow.accountAssignments, traits)),
        view.expand(deniedAssignments(resolved.role.deny.accountAssignments, traits)),
      )
    case 'repinned':
    case 'vanished':
    case 'elsewhere':
    case 'unknown':
      return new Set()
  }
}

/** Most roles deny nothing, and there may be hundreds of thousands of grants to copy. */
const without = (grants: ReadonlySet<GrantKey>, denied: ReadonlySet<GrantKey>): ReadonlySet<GrantKey> =>
  denied.size === 0 ? grants : grants.difference(denied)

/** As `grantsOfRole`, by account. */
export function setsOfRole(
  reference: RoleReference,
  view: View,
  traits: Traits,
): (account: AccountId) => PermissionSets {
  const resolved = view.resolveRole(reference)
  switch (resolved.kind) {
    case 'system': {
      const { account, permissionSet } = resolved.grant
      const sets = new Set([permissionSet])
      return (asked) => (asked === account ? sets : NO_SETS)
    }
    case 'stored': {
      const { allow, deny } = resolved.role
      const allowed = setsByAccount(allowedAssignments(allow.accountAssignments, traits), view.catalogue)
      const denied = setsByAccount(deniedAssignments(deny.accountAssignments, traits), view.catalogue)
      return (asked) => setsWithout(allowed.get(asked) ?? NO_SETS, denied.get(asked) ?? NO_SETS)
    }
    case 'repinned':
    case 'vanished':
    case 'elsewhere':
    case 'unknown':
      return () => NO_SETS
  }
}
