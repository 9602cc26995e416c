import { ListGroupsCommand, paginateListUsers } from '@aws-sdk/client-identitystore'
import { paginateListAccounts } from '@aws-sdk/client-organizations'
import {
  CreateAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentsForPrincipalCommand,
  ListPermissionSetsCommand,
} from '@aws-sdk/client-sso-admin'
import { expect, it } from 'vitest'
import { startTestSandbox, until } from '../testing/sandbox-clients.ts'

it('turns an assignment request into an assignment that its principal is listed with', async () => {
  await using world = await startTestSandbox()
  const { sandbox, sso, identityStore, organizations } = world
  const { instanceArn: InstanceArn, identityStoreId: IdentityStoreId } = sandbox
  const accounts = []
  for await (const page of paginateListAccounts({ client: organizations }, {})) accounts.push(...(page.Accounts ?? []))
  expect(accounts).toHaveLength(24)
  const users = []
  for await (const page of paginateListUsers({ client: identityStore }, { IdentityStoreId, MaxResults: 30 }))
    users.push(...(page.Users ?? []))
  expect(users).toHaveLength(80)
  const groups = await identityStore.send(new ListGroupsCommand({ IdentityStoreId }))
  expect(groups.Groups).toHaveLength(20)
  const sets = await sso.send(new ListPermissionSetsCommand({ InstanceArn }))
  expect(sets.PermissionSets).toHaveLength(12)

  const key = {
    InstanceArn,
    TargetId: accounts.find(({ Name }) => Name === 'Playground')?.Id,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: sets.PermissionSets?.[0],
    PrincipalType: 'USER',
    PrincipalId: users.find(({ UserName }) => UserName === 'zoe@acme.example')?.UserId,
  } as const
  const created = await sso.send(new CreateAccountAssignmentCommand(key))
  expect(created.AccountAssignmentCreationStatus?.Status).toBe('IN_PROGRESS')
  await until(async () => {
    const described = await sso.send(
      new DescribeAccountAssignmentCreationStatusCommand({
        InstanceArn,
        AccountAssignmentCreationRequestId: created.AccountAssignmentCreationStatus?.RequestId,
      }),
    )
    return described.AccountAssignmentCreationStatus?.Status === 'SUCCEEDED'
  })
  const { PrincipalType, PrincipalId } = key
  const listed = await sso.send(
    new ListAccountAssignmentsForPrincipalCommand({ InstanceArn, PrincipalType, PrincipalId }),
  )
  expect(listed.AccountAssignments).toContainEqual(
    expect.objectContaining({ AccountId: key.TargetId, PrincipalType: 'USER' }),
  )
})
