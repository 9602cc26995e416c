import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations'
import {
  CreateAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  ListInstancesCommand,
  ListPermissionSetsCommand,
  SSOAdminClient,
} from '@aws-sdk/client-sso-admin'
import { expect, it } from 'vitest'
import { startTestSandbox, until, type TestSandbox } from '../testing/sandbox-clients.ts'

async function startWithUser(actions: readonly string[]) {
  const world = await startTestSandbox()
  const UserName = 'limited'
  await world.iam.send(new CreateUserCommand({ UserName }))
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] }
  const policy = { PolicyName: 'p', PolicyDocument: JSON.stringify(document) }
  await world.iam.send(new PutUserPolicyCommand({ UserName, ...policy }))
  const { AccessKey: key } = await world.iam.send(new CreateAccessKeyCommand({ UserName }))
  const client = {
    endpoint: world.sandbox.endpointUrl,
    region: world.sandbox.region,
    credentials: { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' },
    maxAttempts: 1,
  }
  return { ...world, own: new SSOAdminClient(client), ownOrganizations: new OrganizationsClient(client) }
}

async function assignInManagement(world: TestSandbox & { own: SSOAdminClient }, setName: string) {
  const { permissionSets, groups } = await world.control('GET', '/world')
  const { instanceArn: InstanceArn, managementAccountId: TargetId } = world.sandbox
  const { arn: PermissionSetArn } = permissionSets.find(({ name }: { name: string }) => name === setName)
  const created = await world.own.send(
    new CreateAccountAssignmentCommand({
      InstanceArn,
      TargetId,
      TargetType: 'AWS_ACCOUNT',
      PermissionSetArn,
      PrincipalType: 'GROUP',
      PrincipalId: groups[0].id,
    }),
  )
  return until(async () => {
    const AccountAssignmentCreationRequestId = created.AccountAssignmentCreationStatus?.RequestId
    const input = { InstanceArn, AccountAssignmentCreationRequestId }
    const { AccountAssignmentCreationStatus: status } = await world.own.send(
      new DescribeAccountAssignmentCreationStatusCommand(input),
    )
    return status?.Status !== 'IN_PROGRESS' && status
  })
}

const SSO = ['sso:CreateAccountAssignment', 'sso:DescribeAccountAssignmentCreationStatus']
/** What the guide's permission list gives of IAM. */
const GUIDE = [
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:GetRole',
  'iam:ListAttachedRolePolicies',
  'iam:ListRolePolicies',
  'iam:GetSAMLProvider',
]

it("needs the caller's own IAM rights for the management account, and says what is missing only in the status", async () => {
  await using world = await startWithUser(SSO)
  const { Status, FailureReason } = await assignInManagement(world, 'ReadOnlyAccess')
  expect(Status).toBe('FAILED')
  expect(FailureReason).toMatch(/^Received a 403 status error: Access denied by IAM\./)
  expect(FailureReason).toContain('is not authorized to perform: iam:GetSAMLProvider on resource: arn:aws:iam::')
})

it("lets the guide's permissions assign sets of managed policies there, and not sets with an inline one", async () => {
  await using world = await startWithUser([...SSO, ...GUIDE])
  expect((await assignInManagement(world, 'ReadOnlyAccess')).Status).toBe('SUCCEEDED')
  const inline = await assignInManagement(world, 'DeveloperAccess')
  expect(inline.Status).toBe('FAILED')
  expect(inline.FailureReason).toContain('iam:PutRolePolicy')
})

it('refuses a call that no policy allows, and lets the next one through that one does', async () => {
  await using world = await startWithUser(['organizations:ListAccounts'])
  const refused = world.own.send(new ListInstancesCommand({}))
  await expect(refused).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('is not authorized to perform: sso:ListInstances on resource: *'),
  })
  expect((await world.ownOrganizations.send(new ListAccountsCommand({}))).Accounts).toHaveLength(20)
  const { actions } = await world.control('GET', '/calls')
  expect(actions['sso-admin.ListInstances'].outcomes).toEqual({ AccessDeniedException: 1 })
})

it('refuses an unknown key and an unknown operation', async () => {
  await using world = await startTestSandbox({ seed: 'empty' })
  const { endpointUrl: endpoint, region, instanceArn: InstanceArn } = world.sandbox
  const stranger = new SSOAdminClient({
    endpoint,
    region,
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: 'x' },
  })
  await expect(stranger.send(new ListPermissionSetsCommand({ InstanceArn }))).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
    $metadata: { httpStatusCode: 403 },
  })
  const headers = { 'x-amz-target': 'SWBExternalService.Nonsense', 'content-type': 'application/x-amz-json-1.1' }
  const unknown = await fetch(endpoint, { method: 'POST', headers, body: '{}' })
  expect(unknown.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/)
  expect(await unknown.json()).toMatchObject({ __type: 'UnknownOperationException' })
})
