import { createCatalogue } from '../identity-center/catalogue.ts'
import type { PermissionSetArn } from '../identity-center/permission-set.ts'
import { minutes, plus } from '../kernel/instant.ts'
import type { OrganizationId } from '../kernel/names.ts'
import { anAccount, anOrganization, aPermissionSet, NOW } from './builders.ts'

const arnOf = (name: string): PermissionSetArn =>
  `arn:aws:sso:::permissionSet/ssoins-fedcba9876543210/ps-${name.toLowerCase()}` as PermissionSetArn

/** A second organization: it calls a permission set like one of the first, as organizations do. */
export const GLOBEX = anOrganization({
  id: 'globex' as OrganizationId,
  name: 'globex',
  instanceArn: 'arn:aws:sso:::instance/ssoins-fedcba9876543210',
  identityStoreId: 'd-9876543210',
  managementAccount: '900000000000',
  region: 'us-east-1',
  startUrl: 'https://d-9876543210.awsapps.com/start',
  portalUrl: 'https://d-9876543210.awsapps.com/start',
  createdAt: plus(NOW, minutes(1)),
})
export const LAB = anAccount('lab', '999999999999')
export const LAB_READ_ONLY = aPermissionSet('ReadOnlyAccess', { arn: arnOf('ReadOnlyAccess') })
export const LAB_OPERATOR = aPermissionSet('Operator', { arn: arnOf('Operator') })
export const GLOBEX_CATALOGUE = createCatalogue(
  [anAccount('globex', '900000000000', { isManagement: true }), LAB],
  [LAB_READ_ONLY, LAB_OPERATOR],
)
