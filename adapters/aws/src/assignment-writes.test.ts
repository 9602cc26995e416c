import type { AccountAssignment, AccountId, AwsUserId, PermissionSetArn } from '@gatehouse/domain'
import { describe, expect, it, vi } from 'vitest'
import { aScene, failureOf, INSTANCE, sweep } from './testing/an-identity-center.ts'
import { fault } from './testing/scripted-aws.ts'

const ANA = 'u-ana' as AwsUserId
const READ_ONLY = 'arn:aws:sso:::permissionSet/ssoins-7223000000000001/ps-1' as PermissionSetArn
const toAna: AccountAssignment = {
  account: '111122223333' as AccountId,
  permissionSet: READ_ONLY,
  principal: { type: 'USER', id: ANA },
}
const created = (status: object) => ({ json: { AccountAssignmentCreationStatus: status } })
const deleted = (status: object) => ({ json: { AccountAssignmentDeletionStatus: status } })

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
