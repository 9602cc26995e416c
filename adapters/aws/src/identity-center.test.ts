import type { AccountAssignment, AccountId, AwsGroupId, AwsUserId, PermissionSetArn } from '@gatehouse/domain'
import { describe, expect, it, vi } from 'vitest'
import { aScene, failureOf, INSTANCE, STORE, sweep } from './testing/an-identity-center.ts'
import { fault } from './testing/scripted-aws.ts'

const ANA = 'u-ana' as AwsUserId
const OPS = 'g-ops' as AwsGroupId
const READ_ONLY = 'arn:aws:sso:::permissionSet/ssoins-7223000000000001/ps-1' as PermissionSetArn
const toAna: AccountAssignment = {
  account: '111122223333' as AccountId,
  permissionSet: READ_ONLY,
  principal: { type: 'USER', id: ANA },
}
const created = (status: object) => ({ json: { AccountAssignmentCreationStatus: status } })
const deleted = (status: object) => ({ json: { AccountAssignmentDeletionStatus: status } })

describe('lists', () => {
  it('go on through an empty page that carries a token (D5-10)', async () => {
    await using scene = await aScene()
    scene.aws.on(
      'ListGroups',
      { json: { Groups: [], NextToken: 't1' } },
      { json: { Groups: [{ GroupId: 'g1', DisplayName: 'Ops' }], NextToken: 't2' } },
      { json: { Groups: [], NextToken: 't3' } },
      { json: { Groups: [{ GroupId: 'g2', DisplayName: 'Dev', ExternalIds: [{ Issuer: 'scim', Id: 'ours' }] }] } },
    )
    expect(await scene.identityCenter.listGroups(sweep())).toEqual([
      { id: 'g1', displayName: 'Ops' },
      { id: 'g2', displayName: 'Dev', externalId: 'ours' },
    ])
    expect(scene.aws.calls.map(({ input }) => input['NextToken'])).toEqual([undefined, 't1', 't2', 't3'])
  })

  it('fail when the server repeats a page token (D5-8)', async () => {
    await using scene = await aScene()
    scene.aws.on('ListUsers', { json: { Users: [{ UserId: 'u1' }], NextToken: 'again' } })
    expect(await failureOf(scene.identityCenter.listUsers(sweep()))).toBe('unavailable')
    expect(scene.aws.calls).toHaveLength(2)
  })

  it('fail as a whole when a page token has expired (D5-9)', async () => {
    await using scene = await aScene()
    scene.aws.on(
      'ListUsers',
      { json: { Users: [{ UserId: 'u1' }], NextToken: 'old' } },
      fault('ValidationException', 'Invalid token'),
    )
    expect(await failureOf(scene.identityCenter.listUsers(sweep()))).toBe('invalid')
  })

  it('fail when a later page fails to the end, and take no part for the whole', async () => {
    await using scene = await aScene()
    scene.aws.on(
      'ListUsers',
      { json: { Users: [{ UserId: 'u1' }], NextToken: 'next' } },
      fault('InternalServerException', 'no', 500),
    )
    expect(await failureOf(scene.identityCenter.listUsers(sweep()))).toBe('unavailable')
    expect(scene.aws.calls).toHaveLength(6)
  })

  it('are read again when an answer breaks off (D5-6, D5-7)', async () => {
    await using scene = await aScene()
    const page = { Users: [{ UserId: 'u1', UserName: 'ana@example.com' }] }
    scene.aws.on(
      'ListUsers',
      { json: page, cutAfter: 20 },
      'reset',
      { text: '{"Users":[{"UserId":"u', type: 'application/json' },
      { json: page },
    )
    const [ana] = await scene.identityCenter.listUsers(sweep())
    expect(ana).toEqual({ id: 'u1', userName: 'ana@example.com', displayName: 'ana@example.com', email: '' })
    expect(scene.aws.calls).toHaveLength(4)
  })

  it('fail when a 200 holds no list, rather than being empty', async () => {
    await using scene = await aScene()
    for (const operation of ['ListUsers', 'ListGroups', 'ListGroupMemberships', 'ListAccounts', 'ListPermissionSets'])
      scene.aws.on(operation, { json: {} })
    const { identityCenter } = scene
    expect(await failureOf(identityCenter.listUsers(sweep()))).toBe('unavailable')
    expect(await failureOf(identityCenter.listGroups(sweep()))).toBe('unavailable')
    expect(await failureOf(identityCenter.listGroupMembers(OPS, sweep()))).toBe('unavailable')
    expect(await failureOf(identityCenter.listAccounts(sweep()))).toBe('unavailable')
    expect(await failureOf(identityCenter.listPermissionSets(sweep()))).toBe('unavailable')
  })

  it("keep only a principal's own assignments", async () => {
    await using scene = await aScene()
    const row = { AccountId: '111122223333', PermissionSetArn: READ_ONLY }
    scene.aws.on('ListAccountAssignmentsForPrincipal', {
      json: {
        AccountAssignments: [
          { ...row, PrincipalId: ANA, PrincipalType: 'USER' },
          { ...row, AccountId: '444455556666', PrincipalId: OPS, PrincipalType: 'GROUP' },
        ],
      },
    })
    const own = await scene.identityCenter.listAssignments({ type: 'USER', id: ANA }, sweep())
    expect([...own]).toEqual([`111122223333|${READ_ONLY}`])
    expect(scene.aws.calls[0]?.input).toMatchObject({ InstanceArn: INSTANCE, PrincipalId: ANA, PrincipalType: 'USER' })
  })

  it('take ids as they come, but none that is empty, endless or holds control characters', async () => {
    await using scene = await aScene()
    const odd = '§ünüsual/id|with:any?letters'
    scene.aws.on(
      'ListGroupMemberships',
      { json: { GroupMemberships: [{ MemberId: { UserId: odd } }] } },
      { json: { GroupMemberships: [{ MemberId: { UserId: 'x\ny' } }] } },
      { json: { GroupMemberships: [{ MemberId: { UserId: '' } }] } },
      { json: { GroupMemberships: [{ MemberId: { UserId: 'x'.repeat(5_000) } }] } },
      { json: { GroupMemberships: [{}] } },
    )
    expect(await scene.identityCenter.listGroupMembers(OPS, sweep())).toEqual([odd])
    for (let i = 0; i < 4; i += 1)
      expect(await failureOf(scene.identityCenter.listGroupMembers(OPS, sweep()))).toBe('unavailable')
  })
})

describe('accounts', () => {
  it('are in the state that State says, and Status only where there is no State', async () => {
    await using scene = await aScene()
    const Arn = 'arn:aws:organizations::999999999999:account/o-1/'
    scene.aws.on('ListAccounts', {
      json: {
        Accounts: [
          {
            Id: '999999999999',
            Arn: `${Arn}999999999999`,
            Name: 'Root',
            Email: 'r@example.com',
            State: 'ACTIVE',
            Status: 'SUSPENDED',
          },
          { Id: '1', Arn: `${Arn}1`, Name: 'A', State: 'CLOSED', Status: 'ACTIVE' },
          { Id: '2', Arn: `${Arn}2`, Name: 'B', Status: 'SUSPENDED' },
          { Id: '3', Name: 'C' },
          { Id: '4', State: 'SOMETHING_NEW' },
        ],
      },
    })
    const accounts = await scene.identityCenter.listAccounts(sweep())
    expect(accounts.map(({ state }) => state)).toEqual(['ACTIVE', 'CLOSED', 'SUSPENDED', 'ACTIVE', 'SUSPENDED'])
    expect(accounts.map(({ isManagement }) => isManagement)).toEqual([true, false, false, false, false])
    expect(accounts[4]).toEqual({ id: '4', name: '4', arn: '', email: '', state: 'SUSPENDED', isManagement: false })
  })

  it('know the management account from the instance where ARNs do not tell', async () => {
    await using scene = await aScene()
    scene.aws.on('DescribeInstance', { json: { InstanceArn: INSTANCE, IdentityStoreId: STORE, OwnerAccountId: '7' } })
    scene.aws.on('ListAccounts', { json: { Accounts: [{ Id: '7' }, { Id: '8' }] } })
    expect(await scene.identityCenter.describeInstance(sweep())).toEqual({
      instanceArn: INSTANCE,
      identityStoreId: STORE,
      ownerAccount: '7',
    })
    const accounts = await scene.identityCenter.listAccounts(sweep())
    expect(accounts.map(({ isManagement }) => isManagement)).toEqual([true, false])
  })
})

describe('the instance', () => {
  it.each([
    ['says that it does not know the operation', fault('UnknownOperationException', '')],
    [
      'answers with a page of HTML',
      { status: 500, text: '<p>The DescribeInstance action has not been implemented</p>' },
    ],
    ['answers with 501', { status: 501, text: '' }],
  ])('is as configured when the server %s', async (_name, answer) => {
    await using scene = await aScene()
    scene.aws.on('DescribeInstance', answer)
    const instance = await scene.identityCenter.describeInstance(sweep())
    expect(instance).toEqual({ instanceArn: INSTANCE, identityStoreId: STORE })
  })

  it('is not taken as configured when a gateway fails', async () => {
    await using scene = await aScene()
    scene.aws.on('DescribeInstance', { status: 503, text: '<html>' })
    expect(await failureOf(scene.identityCenter.describeInstance(sweep()))).toBe('unavailable')
  })

  it('is not taken as configured when AWS refuses it: a deleted one is refused too', async () => {
    await using scene = await aScene()
    scene.aws.on('DescribeInstance', fault('AccessDeniedException', 'User is not authorized'))
    expect(await failureOf(scene.identityCenter.describeInstance(sweep()))).toBe('access-denied')
  })
})

describe('throttling', () => {
  it('by the rate is told from too many operations in flight (D5-1, D5-25)', async () => {
    await using scene = await aScene()
    scene.aws.on('CreateAccountAssignment', fault('ThrottlingException', 'Rate exceeded'))
    expect(await failureOf(scene.identityCenter.createAssignment(toAna, sweep()))).toBe('throttled')
    expect(scene.gate.throttled).toHaveLength(5)
    scene.aws.on(
      'CreateAccountAssignment',
      fault('ThrottlingException', 'There are too many requests processing. Please try again later.'),
    )
    expect(await failureOf(scene.identityCenter.createAssignment(toAna, sweep()))).toBe('busy')
    expect(scene.gate.throttled).toHaveLength(5)
  })

  it('is waited out: a throttled write has not happened and is sent again (D5-1)', async () => {
    await using scene = await aScene()
    scene.aws.on(
      'CreateAccountAssignment',
      fault('ThrottlingException', 'Rate exceeded'),
      created({ Status: 'IN_PROGRESS', RequestId: 'r1' }),
    )
    expect(await scene.identityCenter.createAssignment(toAna, sweep())).toEqual({
      status: 'in-progress',
      requestId: 'r1',
    })
  })

  it('of Organizations has a name of its own', async () => {
    await using scene = await aScene()
    scene.aws.on('ListAccounts', fault('TooManyRequestsException', 'AWS Organizations is busy'), {
      json: { Accounts: [] },
    })
    expect(await scene.identityCenter.listAccounts(sweep())).toEqual([])
    expect(scene.gate.throttled).toEqual(['organizations'])
  })

  it('makes every attempt take its turn at the gate, in its lane', async () => {
    await using scene = await aScene()
    scene.aws.on('ListUsers', fault('ThrottlingException', 'Rate exceeded'), 'reset', { json: { Users: [] } })
    await scene.identityCenter.listUsers(sweep())
    expect(scene.gate.taken).toEqual(['identitystore sweep', 'identitystore sweep', 'identitystore sweep'])
  })
})

describe('writes', () => {
  it.each([
    ['is reset', 'reset' as const],
    [
      'breaks off',
      { json: { AccountAssignmentCreationStatus: { Status: 'IN_PROGRESS', RequestId: 'r1' } }, cutAfter: 10 },
    ],
    ['is a 500', fault('InternalServerException', 'internal', 500)],
    ['is a page of HTML', { status: 200, text: '<html>' }],
    ['holds no status', { json: {} }],
    ['has a status that nobody knows', created({ Status: 'PERHAPS', RequestId: 'r1' })],
  ])('are never repeated blindly when the answer %s (D5-3, D5-4, D5-6)', async (_name, answer) => {
    await using scene = await aScene()
    scene.aws.on('CreateAccountAssignment', answer)
    expect(await failureOf(scene.identityCenter.createAssignment(toAna, sweep()))).toBe('unavailable')
    expect(scene.aws.calls).toHaveLength(1)
  })

  it('give up after twenty seconds without an answer, the effect unknown (D5-4, D5-5)', async () => {
    await using scene = await aScene()
    scene.aws.on('CreateAccountAssignment', 'silence')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const failure = failureOf(scene.identityCenter.createAssignment(toAna, sweep()))
      await scene.aws.called('CreateAccountAssignment', 1)
      await vi.advanceTimersByTimeAsync(20_001)
      expect(await failure).toBe('unavailable')
      expect(scene.aws.calls).toHaveLength(1)
    } finally {
      vi.useRealTimers()
    }
  })

  it('say conflict when another write on the same thing is running (D5-21)', async () => {
    await using scene = await aScene()
    scene.aws.on('CreateAccountAssignment', fault('ConflictException', 'Please wait'))
    expect(await failureOf(scene.identityCenter.createAssignment(toAna, sweep()))).toBe('conflict')
    expect(scene.aws.calls).toHaveLength(1)
  })

  it('are done when the server answers SUCCEEDED at once', async () => {
    await using scene = await aScene()
    scene.aws.on('CreateAccountAssignment', created({ Status: 'SUCCEEDED', RequestId: 'r1' }))
    scene.aws.on('DeleteAccountAssignment', deleted({ Status: 'SUCCEEDED' }))
    expect(await scene.identityCenter.createAssignment(toAna, sweep())).toEqual({
      status: 'succeeded',
      requestId: 'r1',
    })
    expect(await scene.identityCenter.deleteAssignment(toAna, sweep())).toEqual({ status: 'succeeded' })
    expect(scene.aws.calls[0]?.input).toEqual({
      InstanceArn: INSTANCE,
      TargetType: 'AWS_ACCOUNT',
      TargetId: toAna.account,
      PermissionSetArn: READ_ONLY,
      PrincipalType: 'USER',
      PrincipalId: ANA,
    })
  })

  it('carry the reason of a failure as AWS words it (D5-19, D5-20)', async () => {
    await using scene = await aScene()
    const FailureReason = 'Received a 403 status error: Access denied by IAM.'
    scene.aws.on(
      'DescribeAccountAssignmentCreationStatus',
      created({ Status: 'FAILED', RequestId: 'r1', FailureReason }),
    )
    expect(await scene.identityCenter.describeAssignmentRequest('creation', 'r1', sweep())).toEqual({
      status: 'failed',
      requestId: 'r1',
      reason: FailureReason,
    })
  })

  it('of removal succeed when there is nothing to remove, said at once or later', async () => {
    await using scene = await aScene()
    scene.aws.on('DeleteAccountAssignment', fault('ResourceNotFoundException', 'Account assignment not found'))
    expect(await scene.identityCenter.deleteAssignment(toAna, sweep())).toEqual({ status: 'succeeded' })
    scene.aws.on(
      'DescribeAccountAssignmentDeletionStatus',
      deleted({ Status: 'FAILED', FailureReason: 'Received a 404 status error: Assignment not found.' }),
    )
    expect(await scene.identityCenter.describeAssignmentRequest('deletion', 'r1', sweep())).toEqual({
      status: 'succeeded',
      requestId: 'r1',
    })
  })

  it('of removal fail when it is the instance that is not found', async () => {
    await using scene = await aScene()
    scene.aws.on('DeleteAccountAssignment', fault('ResourceNotFoundException', 'Instance not found'))
    expect(await failureOf(scene.identityCenter.deleteAssignment(toAna, sweep()))).toBe('not-found')
  })

  it('say not-found for a request id that AWS does not know (D5-23)', async () => {
    await using scene = await aScene()
    scene.aws.on('DescribeAccountAssignmentCreationStatus', fault('ResourceNotFoundException', 'no such request'))
    expect(await failureOf(scene.identityCenter.describeAssignmentRequest('creation', 'r', sweep()))).toBe('not-found')
  })
})

describe('requests in progress', () => {
  it('come in one call, finished ones left out', async () => {
    await using scene = await aScene()
    scene.aws.on('ListAccountAssignmentCreationStatus', {
      json: {
        AccountAssignmentsCreationStatus: [
          { Status: 'IN_PROGRESS', RequestId: 'r1' },
          { Status: 'SUCCEEDED', RequestId: 'r2' },
        ],
      },
    })
    expect(await scene.identityCenter.listRequestsInProgress('creation', sweep())).toEqual(new Set(['r1']))
  })

  it('are unknown without the optional permission, which is remembered for a while', async () => {
    let now = 0
    const clock = { now: () => now as never, waitUntil: () => Promise.resolve() }
    await using scene = await aScene({ clock })
    scene.aws.on('ListAccountAssignmentDeletionStatus', fault('AccessDeniedException', 'not authorized'))
    expect(await scene.identityCenter.listRequestsInProgress('deletion', sweep())).toBeUndefined()
    expect(await scene.identityCenter.listRequestsInProgress('deletion', sweep())).toBeUndefined()
    expect(scene.aws.calls).toHaveLength(1)
    now = 16 * 60_000
    scene.aws.on('ListAccountAssignmentDeletionStatus', { json: { AccountAssignmentsDeletionStatus: [] } })
    expect(await scene.identityCenter.listRequestsInProgress('deletion', sweep())).toEqual(new Set())
  })
})

describe('giving up', () => {
  it("ends a call with the caller's reason", async () => {
    await using scene = await aScene()
    scene.aws.on('ListUsers', 'silence')
    const controller = new AbortController()
    const listing = scene.identityCenter.listUsers(sweep(controller.signal))
    await scene.aws.called('ListUsers', 1)
    controller.abort(new Error('shutting down'))
    await expect(listing).rejects.toThrow('shutting down')
  })
})
