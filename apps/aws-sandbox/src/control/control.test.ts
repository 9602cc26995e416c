import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListInstancesCommand } from '@aws-sdk/client-sso-admin'
import { expect, it } from 'vitest'
import { startTestSandbox, until, type TestSandbox } from '../testing/sandbox-clients.ts'

const act = (world: TestSandbox, service: string, operation: string, input: object) =>
  world.control('POST', '/do', { service, operation, input })

it('changes AWS behind the back of its callers, and has done so when it answers', async () => {
  await using world = await startTestSandbox({ pace: 3_600_000, knobs: { requireSignatures: true } })
  const { accounts, permissionSets } = await world.control('GET', '/world')
  const user = await world.control('GET', '/users/ANA@acme.example')
  const key = {
    InstanceArn: world.sandbox.instanceArn,
    TargetId: accounts[0].id,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: permissionSets[0].arn,
    PrincipalType: 'USER',
    PrincipalId: user.id,
  }
  const created = await act(world, 'sso-admin', 'CreateAccountAssignment', key)
  expect(created.AccountAssignmentCreationStatus.Status).toBe('SUCCEEDED')
  const row = { permissionSet: 'AdministratorAccess', principalName: 'ana@acme.example', accountName: 'Management' }
  expect(await world.control('GET', '/assignments')).toContainEqual(expect.objectContaining(row))
  await act(world, 'sso-admin', 'DeleteAccountAssignment', key)
  expect((await world.control('GET', '/users/ana@acme.example')).assignments).toEqual([])
})

it('shows people with their groups and groups with their people', async () => {
  await using world = await startTestSandbox()
  const boris = await world.control('GET', '/users/boris@acme.example')
  expect(boris.groups).toEqual(['engineering-managers', 'everyone', 'payments-oncall', 'release-managers'])
  const oncall = await world.control('GET', '/groups/payments-oncall')
  expect(oncall.members).toEqual(['ana', 'boris', 'jonas', 'rosa'].map((name) => `${name}@acme.example`))
  expect(oncall.assignments).toHaveLength(3)
  expect(await world.control('GET', '/groups/nobody')).toMatchObject({ code: 'NotFound' })
})

it('counts calls by action and outcome, and forgets them when told', async () => {
  await using world = await startTestSandbox({ seed: 'empty' })
  await world.sso.send(new ListInstancesCommand({}))
  const before = await world.control('GET', '/calls')
  expect(before.actions).toEqual({ 'sso-admin.ListInstances': { total: 1, outcomes: { ok: 1 } } })
  const [call] = await world.control('GET', '/calls/log?last=5')
  expect(call).toMatchObject({ service: 'sso-admin', operation: 'ListInstances', outcome: 'ok' })
  expect(call.caller).toMatch(/user\/administrator$/)
  await world.control('POST', '/calls/reset')
  expect(await world.control('GET', '/calls')).toMatchObject({ total: 0, actions: {}, peakCallsPerSecond: {} })
})

it('refuses what it does not understand and changes nothing', async () => {
  await using world = await startTestSandbox({ seed: 'empty' })
  expect(await world.control('PATCH', '/knobs', { ssoTps: 'fast' })).toMatchObject({ code: 'InvalidInput' })
  expect(await world.control('PATCH', '/knobs', { unknown: 1 })).toMatchObject({ code: 'InvalidInput' })
  expect((await world.control('GET', '/knobs')).ssoTps).toBe(20)
  expect(await act(world, 'sso-admin', 'Nonsense', {})).toMatchObject({ code: 'UnknownOperationException' })
  expect(await act(world, 'sso-admin', 'DescribeInstance', {})).toMatchObject({ code: 'ValidationException' })
  expect(await world.control('POST', '/accounts/000000000000/state', { state: 'ACTIVE' })).toMatchObject({
    code: 'NotFound',
  })
})

it('lets an account leave, with all that Identity Center had in it', async () => {
  await using world = await startTestSandbox()
  const { accounts, assignments } = await world.control('GET', '/world')
  const leaving = accounts.find(({ name }: { name: string }) => name === 'Web Prod').id
  await world.control('DELETE', `/accounts/${leaving}`)
  const after = await world.control('GET', '/assignments')
  const others = assignments.filter(({ accountId }: { accountId: string }) => accountId !== leaving)
  expect(after).toEqual(others)
  expect(after.length).toBeLessThan(assignments.length)
})

it('gives out and revokes SCIM tokens, two at most', async () => {
  await using world = await startTestSandbox({ seed: 'empty' })
  const token = await world.control('POST', '/scim-tokens')
  expect(token.secret).not.toBe(world.sandbox.scimToken)
  expect(await world.control('POST', '/scim-tokens')).toMatchObject({ code: 'LimitExceeded' })
  await world.control('DELETE', `/scim-tokens/${token.id}`)
  expect((await world.control('GET', '/world')).scimTokens).toHaveLength(1)
})

it('follows a file that moves its clock', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aws-sandbox-clock-'))
  const clockOffsetFile = join(folder, 'offset')
  try {
    await using world = await startTestSandbox({ seed: 'empty', clockOffsetFile })
    const offset = async () => (await world.control('GET', '/health')).now - Date.now()
    expect(Math.abs(await offset())).toBeLessThan(1_000)
    await writeFile(clockOffsetFile, '7200000\n')
    await until(async () => (await offset()) > 7_190_000)
    await writeFile(clockOffsetFile, 'half writ')
    expect(await offset()).toBeGreaterThan(7_190_000)
  } finally {
    await rm(folder, { recursive: true })
  }
})
