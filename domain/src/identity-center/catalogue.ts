import type { Account, AccountId } from './account.ts'
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
