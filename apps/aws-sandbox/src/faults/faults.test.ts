import { ListGroupMembershipsCommand, ListGroupsCommand, ListUsersCommand } from '@aws-sdk/client-identitystore'
import { ListAccountsCommand, DescribeOrganizationCommand } from '@aws-sdk/client-organizations'
import {
  CreateAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  ListInstancesCommand,
  ListPermissionSetsCommand,
  ListAccountAssignmentsForPrincipalCommand,
} from '@aws-sdk/client-sso-admin'
import { describe, expect, it } from 'vitest'
import { startTestSandbox, until, type TestSandbox } from '../testing/sandbox-clients.ts'

const set = (world: TestSandbox, fault: object) => world.control('POST', '/faults', fault)
const listInstances = (world: TestSandbox) => world.sso.send(new ListInstancesCommand({}))

async function allPages(world: TestSandbox, MaxResults?: number) {
  const pages: string[][] = []
  let NextToken: string | undefined
  do {
    const page = await world.organizations.send(new ListAccountsCommand({ NextToken, MaxResults }))
    pages.push((page.Accounts ?? []).map(({ Id = '' }) => Id))
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  return pages
}

describe('a fault', () => {
  it('D5-3 answers with any error, as often as it was told', async () => {
    await using world = await startTestSandbox()
    const error = { kind: 'error', service: 'sso-admin', code: 'InternalServerException', status: 503, times: 2 }
    await set(world, error)
    await expect(listInstances(world)).rejects.toMatchObject({
      name: 'InternalServerException',
      $metadata: { httpStatusCode: 503 },
    })
    await expect(listInstances(world)).rejects.toThrow('Injected by the sandbox.')
    await expect(listInstances(world)).resolves.toBeDefined()
    expect(await world.control('GET', '/faults')).toEqual([])
  })

  it("D5-2 is over when its time on the sandbox's clock is, or when it is removed", async () => {
    await using world = await startTestSandbox()
    await set(world, { kind: 'throttle', operation: 'List*', durationMs: 300_000 })
    await expect(listInstances(world)).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' })
    const organizations = world.organizations.send(new ListAccountsCommand({}))
    await expect(organizations).rejects.toMatchObject({ name: 'TooManyRequestsException' })
    world.sandbox.setClockOffset(301_000)
    await expect(listInstances(world)).resolves.toBeDefined()
    const { id } = await set(world, { kind: 'throttle' })
    await expect(listInstances(world)).rejects.toThrow('Rate exceeded')
    await world.control('DELETE', `/faults/${id}`)
    await expect(listInstances(world)).resolves.toBeDefined()
  })

  it('D5-14 denies access to one account and leaves the others alone', async () => {
    await using world = await startTestSandbox()
    const { accounts, permissionSets, groups } = await world.control('GET', '/world')
    await set(world, { kind: 'access-denied', account: accounts[3].id })
    const create = (TargetId: string) =>
      world.sso.send(
        new CreateAccountAssignmentCommand({
          InstanceArn: world.sandbox.instanceArn,
          TargetId,
          TargetType: 'AWS_ACCOUNT',
          PermissionSetArn: permissionSets[0].arn,
          PrincipalType: 'GROUP',
          PrincipalId: groups[0].id,
        }),
      )
    await expect(create(accounts[3].id)).rejects.toMatchObject({ name: 'AccessDeniedException' })
    await expect(create(accounts[4].id)).resolves.toBeDefined()
  })

  it('lets as many calls pass as it was told, of the operations that it names', async () => {
    await using world = await startTestSandbox()
    await set(world, { kind: 'throttle', service: 'sso-admin', operation: 'Put*|ListInst*', skip: 1, times: 1 })
    await expect(
      world.sso.send(new ListPermissionSetsCommand({ InstanceArn: world.sandbox.instanceArn })),
    ).resolves.toBeDefined()
    await expect(listInstances(world)).resolves.toBeDefined()
    await expect(listInstances(world)).rejects.toThrow('Rate exceeded')
    await expect(listInstances(world)).resolves.toBeDefined()
  })

  it('is refused when its description is not understood', async () => {
    await using world = await startTestSandbox({ seed: 'empty' })
    expect(await set(world, { kind: 'latency' })).toMatchObject({ code: 'InvalidInput' })
    expect(await set(world, { kind: 'nonsense' })).toMatchObject({ code: 'InvalidInput' })
    expect(await set(world, { kind: 'throttle', tiems: 3 })).toMatchObject({ code: 'InvalidInput' })
  })
})

describe('lost answers', () => {
  const createGroup = async (world: TestSandbox, DisplayName: string, ms: number) => {
    const { CreateGroupCommand } = await import('@aws-sdk/client-identitystore')
    const input = { IdentityStoreId: world.sandbox.identityStoreId, DisplayName }
    return world.identityStore.send(new CreateGroupCommand(input), { abortSignal: AbortSignal.timeout(ms) })
  }
  const exists = async (world: TestSandbox, name: string) =>
    (await world.control('GET', `/groups/${name}`)).id !== undefined

  it.each([
    ['D5-5', 'timeout-before-effect', false],
    ['D5-4', 'timeout-after-effect', true],
    ['D5-17', 'reset-before-effect', false],
    ['D5-6', 'reset-mid-body', true],
  ])('%s %s leaves the caller in the dark; the effect is there: %s', async (_id, kind, isThere) => {
    await using world = await startTestSandbox({ seed: 'empty' })
    await set(world, { kind, operation: 'CreateGroup', times: 1 })
    await expect(createGroup(world, 'made', 300)).rejects.toBeInstanceOf(Error)
    expect(await exists(world, 'made')).toBe(isThere)
    const { actions } = await world.control('GET', '/calls')
    expect(Object.keys(actions['identitystore.CreateGroup'].outcomes)).not.toContain('ok')
  })

  it('waits before it answers', async () => {
    await using world = await startTestSandbox({ seed: 'empty' })
    await set(world, { kind: 'latency', ms: 60_000, times: 1 })
    let isAnswered = false
    const answer = world.organizations.send(new DescribeOrganizationCommand({})).then(() => (isAnswered = true))
    await until(async () => (await world.control('GET', '/faults')).length === 0)
    expect(isAnswered).toBe(false)
    world.sandbox.setClockOffset(61_000)
    await answer
  })
})

describe('wrong lists with status 200', () => {
  it('D5-7 ends a list early', async () => {
    await using world = await startTestSandbox()
    await set(world, { kind: 'truncated-page', operation: 'ListAccounts', times: 1 })
    expect((await allPages(world)).flat()).toHaveLength(10)
  })

  it('D5-8 repeats a page token', async () => {
    await using world = await startTestSandbox()
    await set(world, { kind: 'repeated-page-token', operation: 'ListAccounts', times: 2 })
    const pages = await allPages(world, 12)
    expect(pages).toHaveLength(4)
    expect(pages[1]).toEqual(pages[0])
    expect(new Set(pages.flat()).size).toBe(24)
  })

  it('D5-9 lets a page token expire', async () => {
    await using world = await startTestSandbox()
    await set(world, { kind: 'expired-page-token', times: 1 })
    await expect(allPages(world)).rejects.toMatchObject({ name: 'InvalidInputException', Reason: 'INVALID_NEXT_TOKEN' })
    expect((await allPages(world)).flat()).toHaveLength(24)
  })

  it('D5-10 answers an empty page with a token, from which the list starts', async () => {
    await using world = await startTestSandbox()
    await set(world, { kind: 'empty-page-with-token', operation: 'ListAccounts', times: 1 })
    const pages = await allPages(world)
    expect(pages.map((page) => page.length)).toEqual([0, 20, 4])
  })

  it('D5-11 answers an empty list', async () => {
    await using world = await startTestSandbox()
    await set(world, { kind: 'empty-list', service: 'identitystore', operation: 'ListGroups', times: 1 })
    const { identityStoreId: IdentityStoreId } = world.sandbox
    const list = () => world.identityStore.send(new ListGroupsCommand({ IdentityStoreId }))
    expect((await list()).Groups).toEqual([])
    expect((await list()).Groups).toHaveLength(20)
  })

  it('loses the same half of groups, users and members every time', async () => {
    await using world = await startTestSandbox()
    await set(world, { kind: 'half-list', service: 'identitystore' })
    const { identityStoreId: IdentityStoreId } = world.sandbox
    const groups = async () => (await world.identityStore.send(new ListGroupsCommand({ IdentityStoreId }))).Groups ?? []
    const first = await groups()
    expect(first.length).toBeGreaterThan(4)
    expect(first.length).toBeLessThan(16)
    expect(await groups()).toEqual(first)
    const { Users } = await world.identityStore.send(new ListUsersCommand({ IdentityStoreId }))
    expect(Users?.length).toBeLessThan(60)
    const { id: GroupId, members } = await world.control('GET', '/groups/everyone')
    const kept = await world.identityStore.send(new ListGroupMembershipsCommand({ IdentityStoreId, GroupId }))
    expect(kept.GroupMemberships?.length).toBeLessThan(members.length)
  })
})

describe('reads and writes that disagree', () => {
  async function createOne(world: TestSandbox) {
    const { accounts, permissionSets, groups } = await world.control('GET', '/world')
    const { instanceArn: InstanceArn } = world.sandbox
    const [account, permissionSet, group] = [accounts[20], permissionSets[4], groups[0]]
    const created = await world.sso.send(
      new CreateAccountAssignmentCommand({
        InstanceArn,
        TargetId: account.id,
        TargetType: 'AWS_ACCOUNT',
        PermissionSetArn: permissionSet.arn,
        PrincipalType: 'GROUP',
        PrincipalId: group.id,
      }),
    )
    const AccountAssignmentCreationRequestId = created.AccountAssignmentCreationStatus?.RequestId
    const status = async () =>
      (
        await world.sso.send(
          new DescribeAccountAssignmentCreationStatusCommand({ InstanceArn, AccountAssignmentCreationRequestId }),
        )
      ).AccountAssignmentCreationStatus
    const isListed = async () => {
      const input = { InstanceArn, PrincipalId: group.id, PrincipalType: 'GROUP' } as const
      const listed = await world.sso.send(new ListAccountAssignmentsForPrincipalCommand(input))
      return listed.AccountAssignments?.some(
        (row) => row.AccountId === account.id && row.PermissionSetArn === permissionSet.arn,
      )
    }
    return { status, isListed }
  }
  const succeeded = (status: () => Promise<{ Status?: string | undefined } | undefined>) =>
    until(async () => (await status())?.Status === 'SUCCEEDED')

  it('D5-12 shows a list as it was', async () => {
    await using world = await startTestSandbox()
    const { status, isListed } = await createOne(world)
    await succeeded(status)
    await set(world, { kind: 'stale-read', ms: 30_000 })
    expect(await isListed()).toBe(false)
    world.sandbox.setClockOffset(31_000)
    expect(await isListed()).toBe(true)
  })

  it('D5-13 shows a write only after the read lag', async () => {
    await using world = await startTestSandbox({ knobs: { ssoLag: [60_000, 60_000] } })
    const { status, isListed } = await createOne(world)
    await succeeded(status)
    expect(await isListed()).toBe(false)
    world.sandbox.setClockOffset(61_000)
    expect(await isListed()).toBe(true)
  })

  it('D5-22 reports success for what never happened', async () => {
    await using world = await startTestSandbox()
    await set(world, { kind: 'success-but-absent', operation: 'CreateAccountAssignment' })
    const { status, isListed } = await createOne(world)
    await succeeded(status)
    expect(await isListed()).toBe(false)
  })

  it('D5-18 stays in progress for as long as it is told', async () => {
    await using world = await startTestSandbox({ pace: 0 })
    await set(world, { kind: 'stuck-in-progress', ms: 600_000, times: 1 })
    const { status } = await createOne(world)
    world.sandbox.setClockOffset(599_000)
    expect((await status())?.Status).toBe('IN_PROGRESS')
    world.sandbox.setClockOffset(601_000)
    expect((await status())?.Status).toBe('SUCCEEDED')
  })

  it('D5-19 fails with the reason that it is told', async () => {
    await using world = await startTestSandbox()
    await set(world, { kind: 'failed-assignment', reason: 'role quota reached', times: 1 })
    const { status } = await createOne(world)
    const failed = await until(async () => {
      const now = await status()
      return now?.Status === 'FAILED' && now
    })
    expect(failed.FailureReason).toBe('role quota reached')
  })

  it('leaves what the control API does alone', async () => {
    await using world = await startTestSandbox()
    await set(world, { kind: 'throttle' })
    const input = { InstanceArn: world.sandbox.instanceArn }
    const done = await world.control('POST', '/do', { service: 'sso-admin', operation: 'ListPermissionSets', input })
    expect(done.PermissionSets).toHaveLength(12)
    await expect(world.sso.send(new ListPermissionSetsCommand(input))).rejects.toThrow('Rate exceeded')
  })
})
