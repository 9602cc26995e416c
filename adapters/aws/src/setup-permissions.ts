/** Permissions beyond the guide's, each off unless ticked; without one the server does without, and says so. */
export interface SetupExtras {
  /** One status call for all operations in flight instead of one each. */
  readonly batchPolling?: boolean
  /** Shows approvers what a permission set allows. */
  readonly permissionSetContents?: boolean
  /** Names of organizational units and tags of accounts, for filters. */
  readonly organizationDetails?: boolean
  /** Sets with inline policies, and the very first assignment, in the management account. */
  readonly managementAccountGrants?: boolean
  /** Removals in the management account. */
  readonly managementAccountRemovals?: boolean
}

export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly Readonly<Record<string, unknown>>[]
}

/** The guide's 21 actions; the ones of IAM serve assignments in the management account and reach no other role. */
export function permissionsOf({
  partition,
  instanceArn,
  extras,
}: {
  readonly partition: string
  /** Absent: every instance. */
  readonly instanceArn: string | undefined
  readonly extras: SetupExtras
}): PolicyDocument {
  const roles = `arn:${partition}:iam::*:role/aws-reserved/sso.amazonaws.com/*`
  const providers = `arn:${partition}:iam::*:saml-provider/AWSSSO_*`
  const allow = (Sid: string, Resource: string | readonly string[], Action: readonly string[]) => ({
    Sid,
    Effect: 'Allow',
    Action,
    Resource,
  })
  const extra = (isTicked: boolean | undefined, actions: readonly string[]) => (isTicked ? actions : [])
  const reads = [
    'organizations:ListAccounts',
    'organizations:ListAccountsForParent',
    'identitystore:ListUsers',
    'identitystore:ListGroups',
    'identitystore:ListGroupMemberships',
    'iam:ListRoles',
    ...extra(extras.organizationDetails, [
      'organizations:ListRoots',
      'organizations:ListOrganizationalUnitsForParent',
      'organizations:ListTagsForResource',
    ]),
  ]
  const identityCenter = [
    'sso:DescribeInstance',
    'sso:DescribePermissionSet',
    'sso:ListPermissionSets',
    'sso:ListAccountAssignmentsForPrincipal',
    'sso:ListPermissionSetsProvisionedToAccount',
    'sso:CreateAccountAssignment',
    'sso:DescribeAccountAssignmentCreationStatus',
    'sso:DeleteAccountAssignment',
    'sso:DescribeAccountAssignmentDeletionStatus',
    ...extra(extras.batchPolling, [
      'sso:ListAccountAssignmentCreationStatus',
      'sso:ListAccountAssignmentDeletionStatus',
    ]),
    ...extra(extras.permissionSetContents, [
      'sso:ListManagedPoliciesInPermissionSet',
      'sso:ListCustomerManagedPolicyReferencesInPermissionSet',
      'sso:GetInlinePolicyForPermissionSet',
      'sso:GetPermissionsBoundaryForPermissionSet',
    ]),
  ]
  return {
    Version: '2012-10-17',
    Statement: [
      ...(instanceArn === undefined
        ? [allow('IdentityCenter', '*', [...reads, ...identityCenter])]
        : [
            allow('OrganizationAndDirectory', '*', reads),
            allow('IdentityCenter', resourcesOf(instanceArn), identityCenter),
          ]),
      allow('ManagementAccountRoles', roles, [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:GetRole',
        'iam:ListAttachedRolePolicies',
        'iam:ListRolePolicies',
        ...extra(extras.managementAccountGrants, ['iam:PutRolePolicy']),
        ...extra(extras.managementAccountRemovals, ['iam:DeleteRole', 'iam:DeleteRolePolicy', 'iam:DetachRolePolicy']),
      ]),
      allow('ManagementAccountProvider', providers, [
        'iam:GetSAMLProvider',
        ...extra(extras.managementAccountGrants, ['iam:CreateSAMLProvider']),
      ]),
    ],
  }
}

/** An assignment touches its instance, its permission set and its account (Service Authorization Reference, "sso"). */
function resourcesOf(instanceArn: string): readonly string[] {
  const [prefix = '', instance = ''] = instanceArn.split(':instance/')
  return [instanceArn, `${prefix}:permissionSet/${instance}/*`, `${prefix}:account/*`]
}
