import type { Labels } from '../kernel/names.ts'
import type { Organization } from '../organizations/organization.ts'
import { IDENTITY_CENTER_LABELS } from '../roles/application-access.ts'
import type { Account } from './account.ts'

/** The labels of an account, which the described product's clients look for (governance facts, 2.11). */
export const labelsOfAccount = (
  { id, name }: Pick<Account, 'id' | 'name'>,
  { region }: Pick<Organization, 'region'>,
): Labels => ({
  ...IDENTITY_CENTER_LABELS,
  'teleport.dev/account-id': id,
  'teleport.dev/account-name': name,
  'teleport.dev/sso-region': region,
})
