import type { RoleName } from '../kernel/names.ts'
import { type Account, parseAccountId } from './account.ts'
import type { Catalogue } from './catalogue.ts'
import type { PermissionSet } from './permission-set.ts'

/** One account × one permission set as a role: computed when somebody names or lists it, never stored. */
export interface SystemRole {
  readonly name: RoleName
  readonly account: Account
  readonly permissionSet: PermissionSet
}

/** Letters, digits and what AWS allows in a permission set's name stay; anything else becomes `_`. */
const sanitise = (text: string): string => text.replaceAll(/[^A-Za-z0-9\-_.@:+=,]/g, '_')

/** `AdministratorAccess-on-MyAccount-012345678901` */
export function systemRoleName(account: Account, permissionSet: PermissionSet): RoleName {
  return `${sanitise(permissionSet.name)}-on-${sanitise(account.name)}-${account.id}` as RoleName
}

/** Says whether a name has the form of a system role, known or not; such a name can't be given to a role of one's own. */
export const looksLikeSystemRole = (name: string): boolean => /^.+-on-.*-\d{12}$/s.test(name)

/**
 * What a system role's name means now. An exact current name wins; otherwise the digits at the end and the permission
 * set's name at the start decide if exactly one set fits, whatever stands between, so that old names go on working
 * after an account was renamed. Two sets that differ only in case need the exact spelling.
 */
export function resolveSystemRole(name: string, catalogue: Catalogue): SystemRole | undefined {
  const form = /^.+-on-.*-(\d{12})$/s.exec(name)
  const account = form?.[1] === undefined ? undefined : catalogue.accounts.get(parseAccountId(form[1]))
  if (!account) return undefined
  const sets = [...catalogue.permissionSets.values()]
  const named = (set: PermissionSet): SystemRole => ({
    name: systemRoleName(account, set),
    account,
    permissionSet: set,
  })
  const exact = sets.map(named).find((role) => role.name === name)
  if (exact) return exact
  const startsWith = (fold: (text: string) => string) =>
    sets.filter((set) => fold(name).startsWith(fold(`${sanitise(set.name)}-on-`)))
  const spelled = startsWith((text) => text)
  const fitting = spelled.length > 0 ? spelled : startsWith((text) => text.toLowerCase())
  return fitting.length === 1 && fitting[0] ? named(fitting[0]) : undefined
}
