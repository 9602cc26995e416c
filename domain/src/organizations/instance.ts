import type { Organization } from './organization.ts'

/** The Identity Center instance in an ARN of a permission set or of the instance itself: `ssoins-0123456789abcdef`. */
const instanceIn = (arn: string): string | undefined => arn.split('/')[1]

/** Says whether a permission set is of an organization: its ARN names the instance. */
export const isOfInstance = (permissionSet: string, { instanceArn }: Pick<Organization, 'instanceArn'>): boolean =>
  instanceIn(permissionSet) === instanceIn(instanceArn)

/** Says whether it is certainly another's: an ARN of another form may be anybody's. */
export const isElsewhere = (permissionSet: string, organization: Pick<Organization, 'instanceArn'>): boolean =>
  instanceIn(permissionSet) !== undefined &&
  instanceIn(organization.instanceArn) !== undefined &&
  !isOfInstance(permissionSet, organization)
