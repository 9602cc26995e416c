import { randomUUID } from 'node:crypto'
import {
  AttachManagedPolicyToPermissionSetCommand,
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DeletePermissionSetCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  ListAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentsCommand,
  ListAccountAssignmentsForPrincipalCommand,
  ListInstancesCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  ProvisionPermissionSetCommand,
  UpdatePermissionSetCommand,
} from '@aws-sdk/client-sso-admin'
import { describe, expect, it } from 'vitest'
import type { SandboxOptions } from '../sandbox.ts'
import { startTestSandbox, until, type TestSandbox } from '../testing/sandbox-clients.ts'

const HOUR = 3_600_000
const UNUSED = 'generated:6x12x4x3x0'

/** A world without assignments, and short ways to ask for some. */
async function startScene(options: SandboxOptions = {}) {
  const world = await startTestSandbox({ seed: UNUSED, ...options })
  const dump = await world.control('GET', '/world')
  const { instanceArn: InstanceArn, managementAccountId } = world.sandbox
  const accounts: string[] = dump.accounts
    .map(({ id }: { id: string }) => id)
    .filter((id: string) => id !== managementAccountId)
  const sets: string[] = dump.permissionSets.map(({ arn }: { arn: string }) => arn)
  const groups: string[] = dump.groups.map(({ id }: { id: string }) => id)
  const users: string[] = dump.users.map(({ id }: { id: string }) => id)
  const key = (account: number, set: number, group: number) => ({
    InstanceArn,
    TargetId: accounts[account],
    TargetType: 'AWS_ACCOUNT' as const,
    PermissionSetArn: sets[set],
    PrincipalType: 'GROUP' as const,
    PrincipalId: groups[group],
  })
  const create = async (of: ReturnType<typeof key>) => {
    const { AccountAssignmentCreationStatus: status } = await world.sso.send(new CreateAccountAssignmentCommand(of))
    return status?.RequestId
  }
  const ended = (AccountAssignmentCreationRequestId: string | undefined) =>
    until(async () => {
      const input = { InstanceArn, AccountAssignmentCreationRequestId }
      const answer = await world.sso.send(new DescribeAccountAssignmentCreationStatusCommand(input))
      const status = answer.AccountAssignmentCreationStatus
      return status?.Status === 'IN_PROGRESS' ? undefined : status
    })
  return { ...world, InstanceArn, accounts, sets, groups, users, key, create, ended, dump }
}

const noneLeft = (world: TestSandbox) => until(async () => (await world.control('GET', '/in-flight')).length === 0)

describe('quotas', () => {
  it('admits the burst and 20 calls a second, and turns the rest away with the text of the rate limit', async () => {
    await using scene = await startScene()
    const startedAt = performance.now()
    const calls = Array.from({ length: 150 }, () => scene.sso.send(new ListInstancesCommand({})))
    const refused = (await Promise.allSettled(calls)).filter((call) => call.status === 'rejected')
    const seconds = (performance.now() - startedAt) / 1_000
    expect(refused[0]?.reason).toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' })
    expect(150 - refused.length).toBeGreaterThanOrEqual(20)
    expect(150 - refused.length).toBeLessThanOrEqual(20 + 20 * seconds)
    const { actions, peakCallsPerSecond, peakAdmittedPerSecond } = await scene.control('GET', '/calls')
    expect(actions['sso-admin.ListInstances'].outcomes).toEqual({
      ok: 150 - refused.length,
      ThrottlingException: refused.length,
    })
    expect(peakAdmittedPerSecond['sso-admin']).toBeLessThanOrEqual(40)
    expect(peakCallsPerSecond['sso-admin']).toBeGreaterThan(peakAdmittedPerSecond['sso-admin'])
  })

  it('turns the 11th request in flight away with the other text, deletions counted', async () => {
    await using scene = await startScene({ pace: HOUR })
    for (let index = 0; index < 10; index += 1) await scene.create(scene.key(index % 5, index, 0))
    const eleventh = scene.create(scene.key(0, 11, 0))
    await expect(eleventh).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'There are too many requests processing. Please try again later.',
    })
    const { peakInFlight } = await scene.control('GET', '/calls')
    expect(peakInFlight).toBe(10)
  })
})

describe('one after the other', () => {
  it('refuses a second write on a key that is in work, and queues another principal of the same pair', async () => {
    await using scene = await startScene({ pace: HOUR })
    await scene.create(scene.key(0, 0, 0))
    await expect(scene.create(scene.key(0, 0, 0))).rejects.toMatchObject({ name: 'ConflictException' })
    const revoke = scene.sso.send(new DeleteAccountAssignmentCommand(scene.key(0, 0, 0)))
    await expect(revoke).rejects.toMatchObject({ name: 'ConflictException' })
    await expect(scene.create(scene.key(0, 0, 1))).resolves.toBeDefined()
    const [first, second] = await scene.control('GET', '/in-flight')
    expect(first.startedAt).toBeDefined()
    expect(second.startedAt).toBeUndefined()
    await scene.control('PATCH', '/knobs', { samePairWrites: 'conflict' })
    await expect(scene.create(scene.key(0, 0, 2))).rejects.toMatchObject({ name: 'ConflictException' })
  })

  it('updates one role of an account at a time', async () => {
    await using scene = await startScene({ pace: 60_000 })
    await scene.create(scene.key(0, 0, 0))
    await scene.create(scene.key(0, 1, 0))
    await scene.create(scene.key(1, 0, 0))
    const started = () =>
      scene
        .control('GET', '/in-flight')
        .then((rows) => rows.map((row: { startedAt?: number }) => row.startedAt !== undefined))
    expect(await started()).toEqual([true, false, true])
    scene.sandbox.setClockOffset(61_000)
    expect(await started()).toEqual([true])
    scene.sandbox.setClockOffset(122_000)
    expect(await started()).toEqual([])
    const { AccountAssignmentsCreationStatus: rows } = await scene.sso.send(
      new ListAccountAssignmentCreationStatusCommand({
        InstanceArn: scene.InstanceArn,
        Filter: { Status: 'SUCCEEDED' },
      }),
    )
    expect(rows).toHaveLength(3)
    expect(Object.keys(rows?.[0] ?? {}).toSorted()).toEqual(['CreatedDate', 'RequestId', 'Status'])
  })

  it('refuses to change the policies of a set that is being provisioned', async () => {
    await using scene = await startScene({ pace: HOUR })
    await scene.create(scene.key(0, 0, 0))
    const attach = scene.sso.send(
      new AttachManagedPolicyToPermissionSetCommand({
        InstanceArn: scene.InstanceArn,
        PermissionSetArn: scene.sets[0],
        ManagedPolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
      }),
    )
    await expect(attach).rejects.toMatchObject({ name: 'ConflictException' })
  })
})

describe('what an assignment leaves behind', () => {
  it('makes the role with the first assignment and takes it away with the last', async () => {
    await using scene = await startScene()
    const rolesOf = async () =>
      (await scene.control('GET', '/world')).iamRoles.filter(({ isProtected }: { isProtected: boolean }) => isProtected)
    const input = { InstanceArn: scene.InstanceArn, AccountId: scene.accounts[0] }
    const provisioned = async () =>
      (await scene.sso.send(new ListPermissionSetsProvisionedToAccountCommand(input))).PermissionSets
    await scene.ended(await scene.create(scene.key(0, 0, 0)))
    await scene.ended(await scene.create(scene.key(0, 0, 1)))
    const [role] = await rolesOf()
    expect(role.name).toMatch(/^AWSReservedSSO_Set0000_[0-9a-f]{16}$/)
    expect(role.path).toBe('/aws-reserved/sso.amazonaws.com/')
    expect(await provisioned()).toEqual([scene.sets[0]])

    await scene.sso.send(new DeleteAccountAssignmentCommand(scene.key(0, 0, 0)))
    await noneLeft(scene)
    expect(await provisioned()).toEqual([scene.sets[0]])
    const used = scene.sso.send(
      new DeletePermissionSetCommand({ InstanceArn: scene.InstanceArn, PermissionSetArn: scene.sets[0] }),
    )
    await expect(used).rejects.toMatchObject({
      name: 'ConflictException',
      message: expect.stringMatching(/^Could not delete bec/),
    })
    await scene.sso.send(new DeleteAccountAssignmentCommand(scene.key(0, 0, 1)))
    await noneLeft(scene)
    expect(await provisioned()).toEqual([])
    expect(await rolesOf()).toEqual([])
  })

  it('brings a changed set into an account only when it is provisioned again', async () => {
    await using scene = await startScene()
    await scene.ended(await scene.create(scene.key(0, 0, 0)))
    const { InstanceArn } = scene
    const PermissionSetArn = scene.sets[0]
    await scene.sso.send(new UpdatePermissionSetCommand({ InstanceArn, PermissionSetArn, Description: 'Changed' }))
    const outdated = async () => {
      const ProvisioningStatus = 'LATEST_PERMISSION_SET_NOT_PROVISIONED'
      const input = { InstanceArn, AccountId: scene.accounts[0], ProvisioningStatus } as const
      return (await scene.sso.send(new ListPermissionSetsProvisionedToAccountCommand(input))).PermissionSets
    }
    expect(await outdated()).toEqual([PermissionSetArn])
    const TargetType = 'ALL_PROVISIONED_ACCOUNTS'
    await scene.sso.send(new ProvisionPermissionSetCommand({ InstanceArn, PermissionSetArn, TargetType }))
    await noneLeft(scene)
    expect(await outdated()).toEqual([])
  })

  it('accepts a duplicate, which succeeds and changes nothing', async () => {
    await using scene = await startScene()
    await scene.ended(await scene.create(scene.key(0, 0, 0)))
    const again = await scene.ended(await scene.create(scene.key(0, 0, 0)))
    expect(again.Status).toBe('SUCCEEDED')
    expect(await scene.control('GET', '/assignments')).toHaveLength(1)
  })

  it('keeps an assignment of a dead principal, under its id, until it is deleted', async () => {
    await using scene = await startScene()
    await scene.ended(await scene.create(scene.key(0, 0, 0)))
    const GroupId = scene.groups[0]
    const { identityStoreId: IdentityStoreId } = scene.sandbox
    await scene.control('POST', '/do', {
      service: 'identitystore',
      operation: 'DeleteGroup',
      input: { IdentityStoreId, GroupId },
    })
    const { InstanceArn } = scene
    const pair = { InstanceArn, AccountId: scene.accounts[0], PermissionSetArn: scene.sets[0] }
    const listed = await scene.sso.send(new ListAccountAssignmentsCommand(pair))
    expect(listed.AccountAssignments?.[0]?.PrincipalId).toBe(GroupId)
    await scene.sso.send(new DeleteAccountAssignmentCommand(scene.key(0, 0, 0)))
    await noneLeft(scene)
    expect(await scene.control('GET', '/assignments')).toEqual([])
  })

  it("lists a user's rows through groups, with the group as principal, unless told otherwise", async () => {
    await using scene = await startScene()
    const user = scene.dump.users.find(({ groups }: { groups: string[] }) => groups.length > 0)
    const group = scene.dump.groups.find(({ displayName }: { displayName: string }) => displayName === user.groups[0])
    await scene.ended(await scene.create({ ...scene.key(0, 0, 0), PrincipalId: group.id }))
    const input = { InstanceArn: scene.InstanceArn, PrincipalId: user.id, PrincipalType: 'USER' } as const
    const list = async () =>
      (await scene.sso.send(new ListAccountAssignmentsForPrincipalCommand(input))).AccountAssignments
    expect(await list()).toMatchObject([{ PrincipalType: 'GROUP', PrincipalId: group.id }])
    await scene.control('PATCH', '/knobs', { principalListing: 'direct' })
    expect(await list()).toEqual([])
  })
})

describe('failures that show only in the status', () => {
  it('fails in a suspended account', async () => {
    await using scene = await startScene()
    await scene.control('POST', `/accounts/${scene.accounts[0]}/state`, { state: 'SUSPENDED' })
    const { Status, FailureReason } = await scene.ended(await scene.create(scene.key(0, 0, 0)))
    expect(Status).toBe('FAILED')
    expect(FailureReason).toContain(`'${scene.accounts[0]}' takes longer than usual`)
  })

  it('fails at the role quota of the account', async () => {
    await using scene = await startScene({ knobs: { roleQuota: 1 } })
    await scene.ended(await scene.create(scene.key(0, 0, 0)))
    const { FailureReason } = await scene.ended(await scene.create(scene.key(0, 1, 0)))
    expect(FailureReason).toContain('RolesPerAccount')
  })

  it('refuses unknown principals and absent assignments at once, or fails them later, by knob', async () => {
    await using scene = await startScene()
    const ghost = { ...scene.key(0, 0, 0), PrincipalId: randomUUID() }
    await expect(scene.create(ghost)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    const deletion = () => scene.sso.send(new DeleteAccountAssignmentCommand(scene.key(0, 0, 0)))
    await expect(deletion()).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    await scene.control('PATCH', '/knobs', { unknownPrincipal: 'fail', deleteOfAbsent: 'fail' })
    expect((await scene.ended(await scene.create(ghost))).Status).toBe('FAILED')
    const { AccountAssignmentDeletionStatus: accepted } = await deletion()
    const { InstanceArn } = scene
    const failed = await until(async () => {
      const input = { InstanceArn, AccountAssignmentDeletionRequestId: accepted?.RequestId }
      const answer = await scene.sso.send(new DescribeAccountAssignmentDeletionStatusCommand(input))
      const status = answer.AccountAssignmentDeletionStatus
      return status?.Status === 'FAILED' && status
    })
    expect(failed.FailureReason).toBe('Received a 404 status error: Assignment not found.')
  })

  it('refuses a principal of the wrong type', async () => {
    await using scene = await startScene()
    const wrong = scene.create({ ...scene.key(0, 0, 0), PrincipalId: scene.users[0] })
    await expect(wrong).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
