import type { ResolvedRole, View } from '../desired-state/view.ts'
import { type GrantKey, grantKey } from '../identity-center/account-assignment.ts'
import { looksLikeSystemRole, resolveSystemRole } from '../identity-center/system-roles.ts'
import type { RoleName } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'
import { suggest } from '../kernel/suggest.ts'
import type { RoleReference } from './role.ts'

/**
 * The name under which every rule compares, stores and shows a role. An old name of a system role is resolved first, so
 * that nothing is asked for, denied or approved under a name that means something else by now.
 */
export function canonicalName(reference: RoleReference, view: View): RoleName {
  const resolved = view.resolveRole(reference)
  switch (resolved.kind) {
    case 'stored':
    case 'system':
    case 'repinned':
      return resolved.role.name
    case 'vanished':
    case 'elsewhere':
    case 'unknown':
      return reference.name
  }
}

/** A role that somebody names now; a system role is pinned to what its name means at this moment. */
export function referTo(name: RoleName, view: View): RoleReference {
  const resolved = resolveName(name, view)
  if (resolved.kind === 'stored') return { name: resolved.role.name }
  return resolved.kind === 'system' ? { name: resolved.role.name, pinned: resolved.grant } : { name }
}

/** What a name means that comes without a record. Where no derived roles are offered, one that somebody has is known. */
export function resolveName(name: RoleName, view: View): ResolvedRole {
  const resolved = view.resolveRole({ name })
  if (resolved.kind !== 'unknown') return resolved
  const meant = resolveSystemRole(name, view.catalogue)
  if (!meant) return resolved
  const grant = { account: meant.account.id, permissionSet: meant.permissionSet.arn }
  return grantedBefore(view).has(grantKey(grant)) ? { kind: 'system', role: meant, grant } : resolved
}

const granted = new WeakMap<View, ReadonlySet<GrantKey>>()

/** Every grant of a derived role that a user or a list has. */
function grantedBefore(view: View): ReadonlySet<GrantKey> {
  const known = granted.get(view)
  if (known) return known
  const references = [
    ...view.users.flatMap(({ roles }) => roles),
    ...view.lists.flatMap(({ grants, ownerGrants }) => [...grants.roles, ...ownerGrants.roles]),
  ]
  const found = new Set(references.flatMap(({ pinned }) => (pinned ? [grantKey(pinned)] : [])))
  granted.set(view, found)
  return found
}

/**
 * Roles that a record names. One that it named before keeps what it meant then: saving a record again confirms nothing.
 * A name of a system role's form may come to life later; any other unknown one is refused.
 * @throws DomainError `not-found`
 */
export function referToAll(
  names: readonly RoleName[],
  before: readonly RoleReference[],
  view: View,
  field: string,
): readonly RoleReference[] {
  const known = new Map(before.map((reference) => [canonicalName(reference, view), reference]))
  const found = new Map<RoleName, RoleReference>()
  for (const name of names) {
    const reference = referTo(name, view)
    const mayCome = looksLikeSystemRole(name) && offersSystemRoles(view)
    if (!isKnown(reference, view) && !mayCome && !known.has(name)) throw unknownRole(name, view, field)
    const pinned = known.get(reference.name)?.pinned ?? reference.pinned
    found.set(reference.name, { name: reference.name, ...(pinned ? { pinned } : {}) })
  }
  return [...found.values()]
}

const offersSystemRoles = ({ byOrganization }: View): boolean =>
  byOrganization.some(({ organization }) => organization.rolesSyncMode === 'ALL')

export const isKnown = (reference: RoleReference, view: View): boolean => view.resolveRole(reference).kind !== 'unknown'

export function unknownRole(name: RoleName, view: View, field: string): DomainError {
  const suggestion = suggest(
    name,
    view.roles.map((role) => role.name),
  )
  return new DomainError({
    code: 'not-found',
    kind: 'role',
    name,
    field,
    ...(suggestion === undefined ? {} : { suggestion }),
  })
}
