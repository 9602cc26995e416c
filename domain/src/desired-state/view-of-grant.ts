import { offers } from '../identity-center/catalogue.ts'
import type { PermissionSetArn } from '../identity-center/permission-set.ts'
import { isOfInstance } from '../organizations/instance.ts'
import type { Grant } from '../roles/role.ts'
import type { OrganizationView, View } from './view.ts'

/** The organization in which a permission set is, or was; where there is just one, it is that. */
export function viewOfSet(permissionSet: PermissionSetArn, { byOrganization }: View): OrganizationView | undefined {
  if (byOrganization.length === 1) return byOrganization[0]
  return (
    byOrganization.find(({ catalogue }) => catalogue.permissionSets.has(permissionSet)) ??
    byOrganization.find(({ organization }) => isOfInstance(permissionSet, organization))
  )
}

/** The organization in which an account with a permission set is, or was. */
export const viewOfGrant = (grant: Grant, view: View): OrganizationView | undefined =>
  view.byOrganization.find(({ catalogue }) => offers(catalogue, grant)) ?? viewOfSet(grant.permissionSet, view)
