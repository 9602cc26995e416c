import { expect } from 'vitest'
import { until } from '../testing/sandbox-clients.ts'
import { known, type Claim, type Stage } from './claim.ts'

const API = 'SSO Admin API Reference'
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

export function ssoAdminClaims({ aws, sandbox, control }: Stage): readonly Claim[] {
  const { sso } = aws
  const { instanceArn: InstanceArn } = sandbox
  const documented = { source: API, standing: 'documented' } as const
  const CustomerManagedPolicyReference = { Name: 'own', Path: '/' }
  let [PermissionSetArn, TargetId, PrincipalId, created, deleted, provisioned] = ['', '', '', '', '', '']
  const set = () => ({ InstanceArn, PermissionSetArn })
  const assignment = () => ({
    ...set(),
    TargetId,
    TargetType: 'AWS_ACCOUNT' as const,
    PrincipalType: 'USER' as const,
    PrincipalId,
  })
  const attributes = (key: string) => ({
    InstanceArn,
    InstanceAccessControlAttributeConfiguration: {
      AccessControlAttributes: [{ Key: key, Value: { Source: ['${path:title}'] } }],
    },
  })
  return [
    {
      operation: 'ListInstances',
      behaviour: 'has the one instance, with its identity store',
      ...documented,
      async check() {
        const { Instances } = await sso.listInstances({})
        expect(Instances).toMatchObject([{ InstanceArn, IdentityStoreId: sandbox.identityStoreId, Status: 'ACTIVE' }])
      },
    },
    {
      operation: 'UpdateInstance',
      behaviour: 'names the instance',
      ...documented,
      check: () => sso.updateInstance({ InstanceArn, Name: 'acme' }),
    },
    {
      operation: 'DescribeInstance',
      behaviour: 'shows the instance',
      ...documented,
      check: async () => expect((await sso.describeInstance({ InstanceArn })).Name).toBe('acme'),
    },
    {
      operation: 'CreatePermissionSet',
      behaviour: 'makes a permission set with a session of one hour unless told',
      ...documented,
      async check() {
        const { PermissionSet } = await sso.createPermissionSet({ InstanceArn, Name: 'Conforming' })
        expect(PermissionSet?.SessionDuration).toBe('PT1H')
        PermissionSetArn = known(PermissionSet?.PermissionSetArn)
      },
    },
    {
      operation: 'CreatePermissionSet',
      behaviour: 'refuses a name that exists: ConflictException',
      ...documented,
      check: () =>
        expect(sso.createPermissionSet({ InstanceArn, Name: 'Conforming' })).rejects.toMatchObject({
          name: 'ConflictException',
        }),
    },
    {
      operation: 'UpdatePermissionSet',
      behaviour: 'changes all but the name',
      ...documented,
      check: () => sso.updatePermissionSet({ ...set(), SessionDuration: 'PT2H', Description: 'made here' }),
    },
    {
      operation: 'DescribePermissionSet',
      behaviour: 'shows a permission set',
      ...documented,
      async check() {
        const { PermissionSet } = await sso.describePermissionSet(set())
        expect(PermissionSet).toMatchObject({ Name: 'Conforming', SessionDuration: 'PT2H' })
      },
    },
    {
      operation: 'ListPermissionSets',
      behaviour: 'lists ARNs',
      ...documented,
      check: async () => expect((await sso.listPermissionSets({ InstanceArn })).PermissionSets).toHaveLength(13),
    },
    {
      operation: 'TagResource',
      behaviour: 'adds tags',
      ...documented,
      check: () =>
        sso.tagResource({ InstanceArn, ResourceArn: PermissionSetArn, Tags: [{ Key: 'team', Value: 'web' }] }),
    },
    {
      operation: 'ListTagsForResource',
      behaviour: 'lists them',
      ...documented,
      async check() {
        const { Tags } = await sso.listTagsForResource({ InstanceArn, ResourceArn: PermissionSetArn })
        expect(Tags).toEqual([{ Key: 'team', Value: 'web' }])
      },
    },
    {
      operation: 'UntagResource',
      behaviour: 'takes them away',
      ...documented,
      check: () => sso.untagResource({ InstanceArn, ResourceArn: PermissionSetArn, TagKeys: ['team'] }),
    },
    {
      operation: 'AttachManagedPolicyToPermissionSet',
      behaviour: 'attaches a policy of AWS, once: ConflictException',
      ...documented,
      async check() {
        await sso.attachManagedPolicyToPermissionSet({ ...set(), ManagedPolicyArn: READ_ONLY })
        const again = sso.attachManagedPolicyToPermissionSet({ ...set(), ManagedPolicyArn: READ_ONLY })
        await expect(again).rejects.toMatchObject({ name: 'ConflictException' })
      },
    },
    {
      operation: 'ListManagedPoliciesInPermissionSet',
      behaviour: 'lists them with their names',
      ...documented,
      async check() {
        const { AttachedManagedPolicies } = await sso.listManagedPoliciesInPermissionSet(set())
        expect(AttachedManagedPolicies).toEqual([{ Name: 'ReadOnlyAccess', Arn: READ_ONLY }])
      },
    },
    {
      operation: 'DetachManagedPolicyFromPermissionSet',
      behaviour: 'detaches it',
      ...documented,
      check: () => sso.detachManagedPolicyFromPermissionSet({ ...set(), ManagedPolicyArn: READ_ONLY }),
    },
    {
      operation: 'AttachCustomerManagedPolicyReferenceToPermissionSet',
      behaviour: 'refers to a policy that accounts have by name',
      ...documented,
      check: () =>
        sso.attachCustomerManagedPolicyReferenceToPermissionSet({ ...set(), CustomerManagedPolicyReference }),
    },
    {
      operation: 'ListCustomerManagedPolicyReferencesInPermissionSet',
      behaviour: 'lists them',
      ...documented,
      async check() {
        const answer = await sso.listCustomerManagedPolicyReferencesInPermissionSet(set())
        expect(answer.CustomerManagedPolicyReferences).toEqual([CustomerManagedPolicyReference])
      },
    },
    {
      operation: 'DetachCustomerManagedPolicyReferenceFromPermissionSet',
      behaviour: 'drops the reference',
      ...documented,
      check: () =>
        sso.detachCustomerManagedPolicyReferenceFromPermissionSet({ ...set(), CustomerManagedPolicyReference }),
    },
    {
      operation: 'PutInlinePolicyToPermissionSet',
      behaviour: 'puts the one inline policy',
      ...documented,
      check: () => sso.putInlinePolicyToPermissionSet({ ...set(), InlinePolicy: POLICY }),
    },
    {
      operation: 'GetInlinePolicyForPermissionSet',
      behaviour: 'gives it back as it was put',
      ...documented,
      check: async () => expect((await sso.getInlinePolicyForPermissionSet(set())).InlinePolicy).toBe(POLICY),
    },
    {
      operation: 'DeleteInlinePolicyFromPermissionSet',
      behaviour: 'deletes it',
      ...documented,
      check: () => sso.deleteInlinePolicyFromPermissionSet(set()),
    },
    {
      operation: 'PutPermissionsBoundaryToPermissionSet',
      behaviour: 'puts the boundary',
      ...documented,
      check: () =>
        sso.putPermissionsBoundaryToPermissionSet({ ...set(), PermissionsBoundary: { ManagedPolicyArn: READ_ONLY } }),
    },
    {
      operation: 'GetPermissionsBoundaryForPermissionSet',
      behaviour: 'shows it',
      ...documented,
      async check() {
        const { PermissionsBoundary } = await sso.getPermissionsBoundaryForPermissionSet(set())
        expect(PermissionsBoundary).toEqual({ ManagedPolicyArn: READ_ONLY })
      },
    },
    {
      operation: 'DeletePermissionsBoundaryFromPermissionSet',
      behaviour: 'deletes it',
      ...documented,
      check: () => sso.deletePermissionsBoundaryFromPermissionSet(set()),
    },
    {
      operation: 'CreateAccountAssignment',
      behaviour: 'starts IN_PROGRESS',
      ...documented,
      async check() {
        const { accounts } = await control('GET', '/world')
        TargetId = accounts.find(({ name }: { name: string }) => name === 'Web Prod').id
        PrincipalId = (await control('GET', '/users/ana@acme.example')).id
        const { AccountAssignmentCreationStatus } = await sso.createAccountAssignment(assignment())
        expect(AccountAssignmentCreationStatus?.Status).toBe('IN_PROGRESS')
        created = known(AccountAssignmentCreationStatus?.RequestId)
      },
    },
    {
      operation: 'DescribeAccountAssignmentCreationStatus',
      behaviour: 'tells when the assignment is made',
      ...documented,
      check: () =>
        until(async () => {
          const asked = { InstanceArn, AccountAssignmentCreationRequestId: created }
          const { AccountAssignmentCreationStatus } = await sso.describeAccountAssignmentCreationStatus(asked)
          return AccountAssignmentCreationStatus?.Status === 'SUCCEEDED'
        }),
    },
    {
      operation: 'CreateAccountAssignment',
      behaviour: 'accepts what is there already, and ends SUCCEEDED',
      source: 'terraform-provider-aws, ssoadmin account assignment',
      standing: 'reported',
      async check() {
        const { AccountAssignmentCreationStatus } = await sso.createAccountAssignment(assignment())
        const again = known(AccountAssignmentCreationStatus?.RequestId)
        await until(async () => {
          const asked = { InstanceArn, AccountAssignmentCreationRequestId: again }
          const answer = await sso.describeAccountAssignmentCreationStatus(asked)
          return answer.AccountAssignmentCreationStatus?.Status === 'SUCCEEDED'
        })
      },
    },
    {
      operation: 'CreateAccountAssignment',
      behaviour: 'refuses an unknown principal at the call: ResourceNotFoundException (knob unknownPrincipal)',
      source: 'users of the API',
      standing: 'reported',
      check: () =>
        expect(
          sso.createAccountAssignment({ ...assignment(), PrincipalId: '00000000-0000-4000-8000-000000000000' }),
        ).rejects.toMatchObject({ name: 'ResourceNotFoundException' }),
    },
    {
      operation: 'ListAccountAssignmentCreationStatus',
      behaviour: 'lists requests',
      ...documented,
      async check() {
        const { AccountAssignmentsCreationStatus } = await sso.listAccountAssignmentCreationStatus({ InstanceArn })
        expect(AccountAssignmentsCreationStatus?.map(({ RequestId }) => RequestId)).toContain(created)
      },
    },
    {
      operation: 'ListAccountAssignments',
      behaviour: 'lists the assignments of a permission set in an account',
      ...documented,
      async check() {
        const { AccountAssignments } = await sso.listAccountAssignments({ ...set(), AccountId: TargetId })
        expect(AccountAssignments).toMatchObject([{ PrincipalId, PrincipalType: 'USER' }])
      },
    },
    {
      operation: 'ListAccountAssignmentsForPrincipal',
      behaviour: 'lists those of groups too (knob principalListing)',
      source: API,
      standing: 'assumed',
      async check() {
        const { AccountAssignments } = await sso.listAccountAssignmentsForPrincipal({
          InstanceArn,
          PrincipalId,
          PrincipalType: 'USER',
        })
        expect(AccountAssignments?.map(({ PrincipalType }) => PrincipalType)).toContain('GROUP')
      },
    },
    {
      operation: 'ListPermissionSetsProvisionedToAccount',
      behaviour: 'lists what exists as a role in an account',
      ...documented,
      async check() {
        const { PermissionSets } = await sso.listPermissionSetsProvisionedToAccount({
          InstanceArn,
          AccountId: TargetId,
        })
        expect(PermissionSets).toContain(PermissionSetArn)
      },
    },
    {
      operation: 'ListAccountsForProvisionedPermissionSet',
      behaviour: 'lists where a permission set exists',
      ...documented,
      async check() {
        expect((await sso.listAccountsForProvisionedPermissionSet(set())).AccountIds).toEqual([TargetId])
      },
    },
    {
      operation: 'ProvisionPermissionSet',
      behaviour: 'starts IN_PROGRESS',
      ...documented,
      async check() {
        const asked = { ...set(), TargetType: 'AWS_ACCOUNT' as const, TargetId }
        const { PermissionSetProvisioningStatus } = await sso.provisionPermissionSet(asked)
        provisioned = known(PermissionSetProvisioningStatus?.RequestId)
      },
    },
    {
      operation: 'DescribePermissionSetProvisioningStatus',
      behaviour: 'tells when it is done',
      ...documented,
      check: () =>
        until(async () => {
          const asked = { InstanceArn, ProvisionPermissionSetRequestId: provisioned }
          const { PermissionSetProvisioningStatus } = await sso.describePermissionSetProvisioningStatus(asked)
          return PermissionSetProvisioningStatus?.Status === 'SUCCEEDED'
        }),
    },
    {
      operation: 'ListPermissionSetProvisioningStatus',
      behaviour: 'lists requests',
      ...documented,
      async check() {
        const { PermissionSetsProvisioningStatus } = await sso.listPermissionSetProvisioningStatus({ InstanceArn })
        expect(PermissionSetsProvisioningStatus?.map(({ RequestId }) => RequestId)).toContain(provisioned)
      },
    },
    {
      operation: 'DeletePermissionSet',
      behaviour: 'refuses one that is still assigned: ConflictException',
      ...documented,
      check: () => expect(sso.deletePermissionSet(set())).rejects.toMatchObject({ name: 'ConflictException' }),
    },
    {
      operation: 'DeleteAccountAssignment',
      behaviour: 'starts IN_PROGRESS',
      ...documented,
      async check() {
        const { AccountAssignmentDeletionStatus } = await sso.deleteAccountAssignment(assignment())
        deleted = known(AccountAssignmentDeletionStatus?.RequestId)
      },
    },
    {
      operation: 'DescribeAccountAssignmentDeletionStatus',
      behaviour: 'tells when it is gone',
      ...documented,
      check: () =>
        until(async () => {
          const asked = { InstanceArn, AccountAssignmentDeletionRequestId: deleted }
          const { AccountAssignmentDeletionStatus } = await sso.describeAccountAssignmentDeletionStatus(asked)
          return AccountAssignmentDeletionStatus?.Status === 'SUCCEEDED'
        }),
    },
    {
      operation: 'ListAccountAssignmentDeletionStatus',
      behaviour: 'lists requests',
      ...documented,
      async check() {
        const { AccountAssignmentsDeletionStatus } = await sso.listAccountAssignmentDeletionStatus({ InstanceArn })
        expect(AccountAssignmentsDeletionStatus?.map(({ RequestId }) => RequestId)).toContain(deleted)
      },
    },
    {
      operation: 'DeleteAccountAssignment',
      behaviour: 'refuses one that is not there: ResourceNotFoundException (knob deleteOfAbsent)',
      source: 'users of the API',
      standing: 'reported',
      check: () =>
        expect(sso.deleteAccountAssignment(assignment())).rejects.toMatchObject({ name: 'ResourceNotFoundException' }),
    },
    {
      operation: 'DeletePermissionSet',
      behaviour: 'deletes one that is provisioned nowhere',
      ...documented,
      check: () => sso.deletePermissionSet(set()),
    },
    {
      operation: 'CreateInstanceAccessControlAttributeConfiguration',
      behaviour: 'says which attributes of users become session tags',
      ...documented,
      check: () => sso.createInstanceAccessControlAttributeConfiguration(attributes('team')),
    },
    {
      operation: 'UpdateInstanceAccessControlAttributeConfiguration',
      behaviour: 'replaces them',
      ...documented,
      check: () => sso.updateInstanceAccessControlAttributeConfiguration(attributes('role')),
    },
    {
      operation: 'DescribeInstanceAccessControlAttributeConfiguration',
      behaviour: 'shows them',
      ...documented,
      async check() {
        const answer = await sso.describeInstanceAccessControlAttributeConfiguration({ InstanceArn })
        expect(answer).toMatchObject({ ...attributesOnly('role'), Status: 'ENABLED' })
      },
    },
    {
      operation: 'DeleteInstanceAccessControlAttributeConfiguration',
      behaviour: 'drops them',
      ...documented,
      check: () => sso.deleteInstanceAccessControlAttributeConfiguration({ InstanceArn }),
    },
  ]

  function attributesOnly(key: string) {
    const { InstanceAccessControlAttributeConfiguration } = attributes(key)
    return { InstanceAccessControlAttributeConfiguration }
  }
}

const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'iam:ListRoles', Resource: '*' }],
})
