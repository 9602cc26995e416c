import type { Catalogue } from '../identity-center/catalogue.ts'
import { resolveSystemRole } from '../identity-center/system-roles.ts'
import type { RoleName } from '../kernel/names.ts'
import type { Lock } from './lock.ts'

/** Locks on system roles under their current names: renaming an account must not open a lock. */
export function canonicalLocks(
  locks: readonly Lock[],
  ownRoles: ReadonlySet<RoleName>,
  catalogue: Catalogue,
): readonly Lock[] {
  return locks.map((lock) => {
    if (lock.target.kind !== 'role' || ownRoles.has(lock.target.role)) return lock
    const role = resolveSystemRole(lock.target.role, catalogue)
    return role ? { ...lock, target: { kind: 'role', role: role.name } } : lock
  })
}
