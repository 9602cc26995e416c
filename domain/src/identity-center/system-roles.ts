import type { RoleName } from '../kernel/names.ts'
import { type Account, parseAccountId } from './account.ts'
import { type Catalogue, partsOf } from './catalogue.ts'
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
  const fitting = systemRolesFitting(name, catalogue)
  return fitting.length === 1 ? fitting[0] : undefined
}

/** Every system role that a name may mean; several when it is an old one and more than one set fits. */
export const systemRolesFitting = (name: string, catalogue: Catalogue): readonly SystemRole[] =>
  partsOf(catalogue).flatMap((part) => fittingWithin(name, part))

function fittingWithin(name: string, catalogue: Catalogue): readonly SystemRole[] {
  const form = /^.+-on-.*-(\d{12})$/s.exec(name)
  const account = form?.[1] === undefined ? undefined : catalogue.accounts.get(parseAccountId(form[1]))
  if (!account) return []
  const { spelled, folded } = namesOf(catalogue)
  const named = (set: PermissionSet): SystemRole => ({
    name: systemRoleName(account, set),
    account,
    permissionSet: set,
  })
  const suffix = `-on-${sanitise(account.name)}-${account.id}`
  const exact = name.endsWith(suffix) ? spelled.get(name.slice(0, -suffix.length))?.[0] : undefined
  if (exact) return [named(exact)]
  const found = setsAtStartOf(name, spelled)
  return (found.length > 0 ? found : setsAtStartOf(name.toLowerCase(), folded)).map(named)
}

interface SetNames {
  readonly spelled: ReadonlyMap<string, readonly PermissionSet[]>
  readonly folded: ReadonlyMap<string, readonly PermissionSet[]>
  /** In the order of their names, to be listed page by page. */
  readonly sets: readonly (readonly [string, PermissionSet])[]
  readonly accounts: readonly (readonly [string, Account])[]
}

const known = new WeakMap<Catalogue, SetNames>()

/** Made once for each catalogue, which is never changed. */
function namesOf(catalogue: Catalogue): SetNames {
  const found = known.get(catalogue)
  if (found) return found
  const sets = [...catalogue.permissionSets.values()].map((set) => [sanitise(set.name), set] as const)
  const accounts = [...catalogue.accounts.values()].map(
    (account) => [`${sanitise(account.name)}-${account.id}`, account] as const,
  )
  const names = {
    spelled: Map.groupBy(sets, ([name]) => name),
    folded: Map.groupBy(sets, ([name]) => name.toLowerCase()),
  }
  const made: SetNames = {
    spelled: new Map([...names.spelled].map(([name, found]) => [name, found.map(([, set]) => set)])),
    folded: new Map([...names.folded].map(([name, found]) => [name, found.map(([, set]) => set)])),
    sets: sets.toSorted(byName),
    accounts: accounts.toSorted(byName),
  }
  known.set(catalogue, made)
  return made
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0

/** The sets whose name is followed by `-on-`; the name of a set may hold that, too. */
function setsAtStartOf(name: string, sets: ReadonlyMap<string, readonly PermissionSet[]>): readonly PermissionSet[] {
  const found: PermissionSet[] = []
  for (let at = name.indexOf('-on-'); at >= 0; at = name.indexOf('-on-', at + 1))
    found.push(...(sets.get(name.slice(0, at)) ?? []))
  return found
}

/**
 * System roles, organization by organization and there in the order of permission sets and accounts, with their
 * positions, from one of these on: made as they are asked for. Letter case does not count in what is searched for.
 */
export function* listSystemRoles(
  catalogues: readonly Catalogue[],
  { from, search = '' }: { readonly from: number; readonly search?: string | undefined },
): Generator<{ readonly position: number; readonly role: SystemRole }> {
  let before = 0
  for (const catalogue of catalogues) {
    const size = catalogue.accounts.size * catalogue.permissionSets.size
    for (const { position, role } of listWithin(catalogue, Math.max(0, from - before), search.toLowerCase()))
      yield { position: before + position, role }
    before += size
  }
}

function* listWithin(
  catalogue: Catalogue,
  from: number,
  wanted: string,
): Generator<{ readonly position: number; readonly role: SystemRole }> {
  const { sets, accounts } = namesOf(catalogue)
  for (let position = from; position < sets.length * accounts.length; position++) {
    const [set, account] = [sets[Math.floor(position / accounts.length)], accounts[position % accounts.length]]
    if (!set || !account) return
    const name = `${set[0]}-on-${account[0]}`
    if (wanted !== '' && !name.toLowerCase().includes(wanted)) continue
    yield { position, role: { name: name as RoleName, account: account[1], permissionSet: set[1] } } // as systemRoleName makes it
  }
}
