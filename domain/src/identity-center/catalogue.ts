import type { Account, AccountId } from './account.ts'
import { type GrantKey, grantKey } from './account-assignment.ts'
import type { PermissionSet, PermissionSetArn } from './permission-set.ts'

/** The accounts inside the filter and the permission sets, as the mirror last saw them. */
export interface Catalogue {
  readonly accounts: ReadonlyMap<AccountId, Account>
  readonly permissionSets: ReadonlyMap<PermissionSetArn, PermissionSet>
}

export function createCatalogue(accounts: readonly Account[], permissionSets: readonly PermissionSet[]): Catalogue {
  return {
    accounts: new Map(accounts.map((account) => [account.id, account])),
    permissionSets: new Map(permissionSets.map((set) => [set.arn, set])),
  }
}

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
