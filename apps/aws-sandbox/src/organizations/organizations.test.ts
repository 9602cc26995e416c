import {
  CloseAccountCommand,
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  DescribeAccountCommand,
  DescribeCreateAccountStatusCommand,
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListDelegatedAdministratorsCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  MoveAccountCommand,
  RegisterDelegatedAdministratorCommand,
  TagResourceCommand,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { expect, it } from 'vitest'
import { startTestSandbox } from '../testing/sandbox-clients.ts'

async function listUnits(organizations: OrganizationsClient, ParentId: string) {
  return (await organizations.send(new ListOrganizationalUnitsForParentCommand({ ParentId }))).OrganizationalUnits ?? []
}

it('walks from the root through nested units to accounts, direct children only', async () => {
  await using world = await startTestSandbox()
  const { organizations } = world
  const { Roots: [root] = [] } = await organizations.send(new ListRootsCommand({}))
  const units = await listUnits(organizations, root?.Id ?? '')
  expect(units.map(({ Name }) => Name)).toEqual(['Security', 'Infrastructure', 'Workloads', 'Sandbox'])
  const workloads = units.find(({ Name }) => Name === 'Workloads')
  const [production] = await listUnits(organizations, workloads?.Id ?? '')
  expect(production?.Name).toBe('Production')
  const direct = await organizations.send(new ListAccountsForParentCommand({ ParentId: workloads?.Id }))
  expect(direct.Accounts).toHaveLength(6)
  const inside = await organizations.send(new ListAccountsForParentCommand({ ParentId: production?.Id }))
  const [account] = inside.Accounts ?? []
  const path = `${world.sandbox.organizationId}/${root?.Id}/${workloads?.Id}/${production?.Id}/${account?.Id}/`
  expect(account).toMatchObject({ State: 'ACTIVE', Status: 'ACTIVE', Paths: [path], Name: 'Payments Prod' })
  expect(account?.Arn).toBe(
    `arn:aws:organizations::${world.sandbox.managementAccountId}:account/${world.sandbox.organizationId}/${account?.Id}`,
  )
  const parents = await organizations.send(new ListParentsCommand({ ChildId: account?.Id }))
  expect(parents.Parents).toEqual([{ Id: production?.Id, Type: 'ORGANIZATIONAL_UNIT' }])
  const tags = await organizations.send(new ListTagsForResourceCommand({ ResourceId: account?.Id }))
  expect(tags.Tags).toEqual([
    { Key: 'environment', Value: 'prod' },
    { Key: 'team', Value: 'payments' },
  ])
})

it('pages by 20 at most and refuses more, and a token that it did not give', async () => {
  await using world = await startTestSandbox()
  const { organizations } = world
  const first = await organizations.send(new ListAccountsCommand({}))
  expect(first.Accounts).toHaveLength(20)
  const rest = await organizations.send(new ListAccountsCommand({ NextToken: first.NextToken }))
  expect(rest.Accounts).toHaveLength(4)
  expect(rest.NextToken).toBeUndefined()
  const refusal = { name: 'InvalidInputException' }
  await expect(organizations.send(new ListAccountsCommand({ MaxResults: 21 }))).rejects.toMatchObject(refusal)
  await expect(organizations.send(new ListAccountsCommand({ NextToken: 'x' }))).rejects.toMatchObject(refusal)
})

it('may answer an empty page that carries a token, as AWS says it does', async () => {
  await using world = await startTestSandbox({ knobs: { emptyPages: 1, sendAccountStatus: false } })
  const first = await world.organizations.send(new ListAccountsCommand({}))
  expect(first.Accounts).toEqual([])
  const second = await world.organizations.send(new ListAccountsCommand({ NextToken: first.NextToken }))
  expect(second.Accounts).toHaveLength(20)
  expect(second.Accounts?.[0]?.Status).toBeUndefined()
})

it('creates, tags, moves and closes an account', async () => {
  await using world = await startTestSandbox({ seed: 'empty' })
  const { organizations, sandbox } = world
  const Email = 'new@acme.example'
  const created = await organizations.send(new CreateAccountCommand({ AccountName: 'New', Email }))
  expect(created.CreateAccountStatus?.State).toBe('IN_PROGRESS')
  sandbox.setClockOffset(60_000)
  const { CreateAccountStatus: status } = await organizations.send(
    new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: created.CreateAccountStatus?.Id }),
  )
  expect(status?.State).toBe('SUCCEEDED')
  const AccountId = status?.AccountId
  await organizations.send(new TagResourceCommand({ ResourceId: AccountId, Tags: [{ Key: 'a', Value: 'b' }] }))
  const unit = await organizations.send(new CreateOrganizationalUnitCommand({ ParentId: sandbox.rootId, Name: 'Unit' }))
  const DestinationParentId = unit.OrganizationalUnit?.Id
  await organizations.send(new MoveAccountCommand({ AccountId, SourceParentId: sandbox.rootId, DestinationParentId }))
  await organizations.send(new CloseAccountCommand({ AccountId }))
  const described = await organizations.send(new DescribeAccountCommand({ AccountId }))
  expect(described.Account).toMatchObject({ State: 'PENDING_CLOSURE', Status: 'PENDING_CLOSURE' })
  sandbox.setClockOffset(240_000)
  const closed = await organizations.send(new DescribeAccountCommand({ AccountId }))
  expect(closed.Account).toMatchObject({ State: 'SUSPENDED', Status: 'SUSPENDED' })
})

it('takes one delegated administrator for Identity Center', async () => {
  await using world = await startTestSandbox()
  const { organizations } = world
  const { Organization } = await organizations.send(new DescribeOrganizationCommand({}))
  expect(Organization?.MasterAccountId).toBe(world.sandbox.managementAccountId)
  const ServicePrincipal = 'sso.amazonaws.com'
  const { Accounts: [, first, second] = [] } = await organizations.send(new ListAccountsCommand({}))
  await organizations.send(new RegisterDelegatedAdministratorCommand({ AccountId: first?.Id, ServicePrincipal }))
  const again = organizations.send(
    new RegisterDelegatedAdministratorCommand({ AccountId: second?.Id, ServicePrincipal }),
  )
  await expect(again).rejects.toMatchObject({ name: 'ConstraintViolationException' })
  const listed = await organizations.send(new ListDelegatedAdministratorsCommand({ ServicePrincipal }))
  expect(listed.DelegatedAdministrators?.map(({ Id }) => Id)).toEqual([first?.Id])
})
