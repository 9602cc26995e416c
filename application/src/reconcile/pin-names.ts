import type { RoleReference, OrganizationView } from '@gatehouse/domain'
import type { RecordChange } from '../ports/store.ts'

/**
 * Names of system roles that meant nothing when they were granted and mean something now keep that meaning from now on:
 * a permission set made later under the same name is another one.
 */
export function pinNames(view: OrganizationView): readonly RecordChange[] {
  const pin = (reference: RoleReference): RoleReference => {
    const resolved = reference.pinned ? undefined : view.resolveRole(reference)
    return resolved?.kind === 'system' ? { ...reference, pinned: resolved.grant } : reference
  }
  const changes: RecordChange[] = []
  for (const user of view.users) {
    const roles = user.roles.map(pin)
    if (roles.some((role, index) => role !== user.roles[index]))
      changes.push({ put: 'user', user: { ...user, roles, revision: user.revision + 1 } })
  }
  for (const list of view.lists) {
    const grants = { ...list.grants, roles: list.grants.roles.map(pin) }
    const ownerGrants = { ...list.ownerGrants, roles: list.ownerGrants.roles.map(pin) }
    const changed = [...grants.roles, ...ownerGrants.roles].some(
      (role, index) => role !== [...list.grants.roles, ...list.ownerGrants.roles][index],
    )
    if (changed) changes.push({ put: 'list', list: { ...list, grants, ownerGrants, revision: list.revision + 1 } })
  }
  return changes
}
