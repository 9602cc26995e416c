import type { PermissionSet } from '../world/records.ts'
import type { View } from '../world/table.ts'
import { provisioningKey, type World } from '../world/world.ts'

/** An account and a permission set that a user may work with, and the IAM role they do it in. */
export interface Access {
  readonly accountId: string
  readonly permissionSet: PermissionSet
  readonly roleName: string
}

/**
 * What a user is assigned, directly and through groups, as far as readers see it by now. Accounts that are suspended or closing are
 * left out, and so are assignments whose role does not exist.
 */
export function listAccess(world: World, userId: string, view: View): readonly Access[] {
  const groups = world.memberships.seen(view).by('user', userId)
  const principals = [userId, ...groups.map(({ groupId }) => groupId).filter((id) => world.groups.has(id))]
  const assignments = world.assignments.seen(view)
  const found = new Map<string, Access>()
  for (const { accountId, permissionSetArn } of principals.flatMap((id) => assignments.by('principal', id))) {
    const key = provisioningKey(accountId, permissionSetArn)
    const permissionSet = world.permissionSets.get(permissionSetArn)
    const roleName = world.provisionings.get(key)?.roleName
    if (permissionSet === undefined || roleName === undefined) continue
    if (world.accounts.get(accountId)?.state !== 'ACTIVE') continue
    found.set(key, { accountId, permissionSet, roleName })
  }
  return [...found.values()].toSorted(
    (a, b) => a.accountId.localeCompare(b.accountId) || a.permissionSet.name.localeCompare(b.permissionSet.name),
  )
}

export function findAccess(
  world: World,
  wanted: { readonly userId: string; readonly accountId: string; readonly permissionSet: string },
  view: View,
): Access | undefined {
  const { userId, accountId, permissionSet } = wanted
  return listAccess(world, userId, view).find(
    (access) => access.accountId === accountId && access.permissionSet.name === permissionSet,
  )
}
