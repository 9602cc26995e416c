import { ListGroupMembershipsCommand, ListGroupsCommand, ListUsersCommand } from '@aws-sdk/client-identitystore'
import {
  GetRoleCommand,
  GetSAMLProviderCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam'
import {
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-organizations'
import {
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  DescribeInstanceCommand,
  DescribePermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  GetPermissionsBoundaryForPermissionSetCommand,
  ListAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentDeletionStatusCommand,
  ListAccountAssignmentsForPrincipalCommand,
  ListCustomerManagedPolicyReferencesInPermissionSetCommand,
  ListManagedPoliciesInPermissionSetCommand,
  ListPermissionSetsCommand,
  ListPermissionSetsProvisionedToAccountCommand,
} from '@aws-sdk/client-sso-admin'
import type { PermissionCheck } from '@gatehouse/application'
import { createAsking, type AskingOptions } from './ask-permission.ts'

const ONE = { MaxResults: 1 }
/** In AWS's form, and of nothing: that it is not found shows that one may look. */
const NO_REQUEST = '00000000-0000-4000-8000-000000000000'
const NO_PARENT = 'r-0000'
const NO_PROVIDER = 'AWSSSO_0000000000000000_DO_NOT_DELETE'
const RESERVED = '/aws-reserved/sso.amazonaws.com/'

const NEVER_TRIED = 'It is not tried, because it would change something.'

/**
 * Whether the role may do what the guide lists and the tick boxes add, each by itself, with the smallest page. Reads
 * only; what nothing but a write would show is `unproven`. @throws IdentityCenterError when the role can't be assumed
 */
export async function checkPermissions(
  options: AskingOptions & { readonly instanceArn: string; readonly roleArn: string },
): Promise<readonly PermissionCheck[]> {
  const { instanceArn: InstanceArn, roleArn } = options
  const asking = await createAsking(options)
  const { ask, found, unproven } = asking

  await ask('sso:DescribeInstance', async ({ sso, send }) => {
    found.store = (await sso.send(new DescribeInstanceCommand({ InstanceArn }), send)).IdentityStoreId
  })
  await ask('organizations:ListAccounts', async ({ organizations, send }) => {
    found.account = (await organizations.send(new ListAccountsCommand(ONE), send)).Accounts?.[0]?.Id
  })
  await ask('organizations:ListAccountsForParent', ({ organizations, send }) =>
    organizations.send(new ListAccountsForParentCommand({ ParentId: NO_PARENT, ...ONE }), send),
  )
  await ask.with('identitystore:ListUsers', 'store', async (IdentityStoreId, { identity, send }) => {
    found.user = (await identity.send(new ListUsersCommand({ IdentityStoreId, ...ONE }), send)).Users?.[0]?.UserId
  })
  await ask.with('identitystore:ListGroups', 'store', async (IdentityStoreId, { identity, send }) => {
    found.group = (await identity.send(new ListGroupsCommand({ IdentityStoreId, ...ONE }), send)).Groups?.[0]?.GroupId
  })
  await ask.with('identitystore:ListGroupMemberships', 'group', (GroupId, { identity, send }) =>
    identity.send(new ListGroupMembershipsCommand({ IdentityStoreId: found.store, GroupId, ...ONE }), send),
  )
  await ask('sso:ListPermissionSets', async ({ sso, send }) => {
    found.set = (await sso.send(new ListPermissionSetsCommand({ InstanceArn, ...ONE }), send)).PermissionSets?.[0]
  })
  await ask.with('sso:DescribePermissionSet', 'set', (PermissionSetArn, { sso, send }) =>
    sso.send(new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn }), send),
  )
  found.principal = found.group ?? found.user
  await ask.with('sso:ListAccountAssignmentsForPrincipal', 'principal', (PrincipalId, { sso, send }) => {
    const PrincipalType = found.group === undefined ? 'USER' : 'GROUP'
    const command = new ListAccountAssignmentsForPrincipalCommand({ InstanceArn, PrincipalId, PrincipalType, ...ONE })
    return sso.send(command, send)
  })
  await ask.with('sso:ListPermissionSetsProvisionedToAccount', 'account', (AccountId, { sso, send }) =>
    sso.send(new ListPermissionSetsProvisionedToAccountCommand({ InstanceArn, AccountId, ...ONE }), send),
  )
  unproven('sso:CreateAccountAssignment', NEVER_TRIED)
  unproven('sso:DeleteAccountAssignment', NEVER_TRIED)
  await ask('sso:DescribeAccountAssignmentCreationStatus', ({ sso, send }) => {
    const input = { InstanceArn, AccountAssignmentCreationRequestId: NO_REQUEST }
    return sso.send(new DescribeAccountAssignmentCreationStatusCommand(input), send)
  })
  await ask('sso:DescribeAccountAssignmentDeletionStatus', ({ sso, send }) => {
    const input = { InstanceArn, AccountAssignmentDeletionRequestId: NO_REQUEST }
    return sso.send(new DescribeAccountAssignmentDeletionStatusCommand(input), send)
  })
  await askIam(asking, roleArn)
  await askExtras(asking, InstanceArn)
  return asking.answers()
}

type Asking = Awaited<ReturnType<typeof createAsking>>

/** On one of the roles that Identity Center has made in the role's own account, where there is one. */
async function askIam({ ask, found, unproven }: Asking, roleArn: string): Promise<void> {
  await ask('iam:ListRoles', async ({ iam, send }) => {
    const page = await iam.send(new ListRolesCommand({ PathPrefix: RESERVED, MaxItems: 1 }), send)
    found.role = page.Roles?.[0]?.RoleName
  })
  await ask.with('iam:GetRole', 'role', (RoleName, { iam, send }) => iam.send(new GetRoleCommand({ RoleName }), send))
  await ask.with('iam:ListAttachedRolePolicies', 'role', (RoleName, { iam, send }) =>
    iam.send(new ListAttachedRolePoliciesCommand({ RoleName, MaxItems: 1 }), send),
  )
  await ask.with('iam:ListRolePolicies', 'role', (RoleName, { iam, send }) =>
    iam.send(new ListRolePoliciesCommand({ RoleName, MaxItems: 1 }), send),
  )
  await ask('iam:GetSAMLProvider', ({ iam, send }) => {
    const [, partition = 'aws', , , account = ''] = roleArn.split(':')
    const SAMLProviderArn = `arn:${partition}:iam::${account}:saml-provider/${NO_PROVIDER}`
    return iam.send(new GetSAMLProviderCommand({ SAMLProviderArn }), send)
  })
  unproven('iam:CreateRole', NEVER_TRIED)
  unproven('iam:AttachRolePolicy', NEVER_TRIED)
}

/** What the tick boxes of the set-up add. */
async function askExtras({ ask, unproven }: Asking, InstanceArn: string): Promise<void> {
  const polling = { extra: 'batch-polling' }
  await ask(
    'sso:ListAccountAssignmentCreationStatus',
    ({ sso, send }) => sso.send(new ListAccountAssignmentCreationStatusCommand({ InstanceArn, ...ONE }), send),
    polling,
  )
  await ask(
    'sso:ListAccountAssignmentDeletionStatus',
    ({ sso, send }) => sso.send(new ListAccountAssignmentDeletionStatusCommand({ InstanceArn, ...ONE }), send),
    polling,
  )
  const contents = { extra: 'permission-set-contents' }
  for (const [action, Command] of [
    ['sso:ListManagedPoliciesInPermissionSet', ListManagedPoliciesInPermissionSetCommand],
    [
      'sso:ListCustomerManagedPolicyReferencesInPermissionSet',
      ListCustomerManagedPolicyReferencesInPermissionSetCommand,
    ],
    ['sso:GetInlinePolicyForPermissionSet', GetInlinePolicyForPermissionSetCommand],
    ['sso:GetPermissionsBoundaryForPermissionSet', GetPermissionsBoundaryForPermissionSetCommand],
  ] as const)
    await ask.with(
      action,
      'set',
      (PermissionSetArn, { sso, send }) => sso.send(new Command({ InstanceArn, PermissionSetArn }), send),
      contents,
    )
  const details = { extra: 'organization-details' }
  await ask(
    'organizations:ListRoots',
    ({ organizations, send }) => organizations.send(new ListRootsCommand(ONE), send),
    details,
  )
  await ask(
    'organizations:ListOrganizationalUnitsForParent',
    ({ organizations, send }) =>
      organizations.send(new ListOrganizationalUnitsForParentCommand({ ParentId: NO_PARENT, ...ONE }), send),
    details,
  )
  await ask.with(
    'organizations:ListTagsForResource',
    'account',
    (ResourceId, { organizations, send }) => organizations.send(new ListTagsForResourceCommand({ ResourceId }), send),
    details,
  )
  for (const action of ['iam:PutRolePolicy', 'iam:CreateSAMLProvider'])
    unproven(action, NEVER_TRIED, 'management-account-grants')
  for (const action of ['iam:DeleteRole', 'iam:DeleteRolePolicy', 'iam:DetachRolePolicy'])
    unproven(action, NEVER_TRIED, 'management-account-removals')
}
