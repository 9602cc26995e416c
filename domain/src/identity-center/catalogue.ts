import type { Account, AccountId } from './account.ts'
import { type GrantKey, grantKey } from './account-assignment.ts'
import type { PermissionSet, PermissionSetArn } from './permission-set.ts'
import type { Grant } from '../roles/role.ts'

/** The accounts inside the filter and the permission sets, as the mirror last saw them. */
export interface Catalogue {
  readonly accounts: ReadonlyMap<AccountId, Account>
  readonly permissionSets: ReadonlyMap<PermissionSetArn, PermissionSet>
  /** Those of each organization where it holds several's; a permission set exists in the accounts of its own only. */
  readonly joined?: readonly Catalogue[]
}

export function createCatalogue(accounts: readonly Account[], permissionSets: readonly PermissionSet[]): Catalogue {
  return {
    accounts: new Map(accounts.map((account) => [account.id, account])),
    permissionSets: new Map(permissionSets.map((set) => [set.arn, set])),
  }
}

const joinedBefore = new WeakMap<Catalogue, Catalogue>()

/**
 * Several organizations' catalogues as one. An account that moves from one to another may be in both for a while. The
 * same for the same ones: much is worked out once for a catalogue.
 */
export function joinCatalogues(catalogues: readonly [Catalogue, ...Catalogue[]]): Catalogue {
  const [first] = catalogues
  const known = joinedBefore.get(first)
  if (known?.joined?.length === catalogues.length && known.joined.every((one, index) => one === catalogues[index]))
    return known
  const joined: Catalogue = {
    accounts: new Map(catalogues.flatMap(({ accounts }) => [...accounts])),
    permissionSets: new Map(catalogues.flatMap(({ permissionSets }) => [...permissionSets])),
    joined: catalogues,
  }
  joinedBefore.set(first, joined)
  return joined
}

/** The catalogues of single organizations. */
export const partsOf = (catalogue: Catalogue): readonly Catalogue[] => catalogue.joined ?? [catalogue]

/** Says whether the account is there, and the permission set in the same organization. */
export const offers = (catalogue: Catalogue, { account, permissionSet }: Grant): boolean =>
  partsOf(catalogue).some((part) => part.accounts.has(account) && part.permissionSets.has(permissionSet))

/** The permission sets that exist in an account; none where the account is not known. */
export const setsIn = (catalogue: Catalogue, account: AccountId): readonly PermissionSet[] =>
  partsOf(catalogue).flatMap((part) => (part.accounts.has(account) ? [...part.permissionSets.values()] : []))

type Keys = Map<AccountId, Map<PermissionSetArn, GrantKey>>
const keysIn = new WeakMap<Catalogue, Keys>()

/**
 * The same text each time, and not only an equal one: there may be a million of them, in many sets, and a set finds what
 * it holds itself much sooner.
 */
export function sharedGrantKey(catalogue: Catalogue, account: AccountId, permissionSet: PermissionSetArn): GrantKey {
  const keys: Keys = keysIn.get(catalogue) ?? new Map<AccountId, Map<PermissionSetArn, GrantKey>>()
  keysIn.set(catalogue, keys)
  const own = keys.get(account) ?? new Map<PermissionSetArn, GrantKey>()
  keys.set(account, own)
  const key = own.get(permissionSet) ?? grantKey({ account, permissionSet })
  own.set(permissionSet, key)
  return key
}
