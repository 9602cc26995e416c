import type { AwsGroupId, AwsUserId, PermissionSetArn } from '@gatehouse/domain'
import { describe, expect, it } from 'vitest'
import { aScene, failureOf, INSTANCE, STORE, sweep } from './testing/an-identity-center.ts'
import { fault } from './testing/scripted-aws.ts'

const ANA = 'u-ana' as AwsUserId
const OPS = 'g-ops' as AwsGroupId
const READ_ONLY = 'arn:aws:sso:::permissionSet/ssoins-7223000000000001/ps-1' as PermissionSetArn

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
