import {
  type AccountAssignment,
  type AccountId,
  type AwsGroupId,
  type AwsUserId,
  type GrantKey,
  grantKey,
  type PermissionSetArn,
} from '@gatehouse/domain'
import { expect, it } from 'vitest'
import {
  type AssignmentStatus,
  type CallOptions,
  type IdentityCenter,
  IdentityCenterError,
} from '../ports/identity-center.ts'

/** An organization as somebody other than the port under test knows it. */
export interface IdentityCenterUnderTest {
  readonly identityCenter: IdentityCenter
  readonly instanceArn: string
  readonly identityStoreId: string
  readonly managementAccount: AccountId
  readonly accounts: ReadonlySet<AccountId>
  readonly permissionSets: ReadonlyMap<PermissionSetArn, string>
  readonly users: ReadonlyMap<AwsUserId, string>
  readonly groups: ReadonlyMap<AwsGroupId, { readonly displayName: string; readonly members: ReadonlySet<AwsUserId> }>
  /** Is in a group that has assignments, and has none of its own. */
  readonly user: AwsUserId
  /** A group with assignments, by their keys. */
  readonly group: { readonly id: AwsGroupId; readonly assignments: ReadonlySet<GrantKey> }
  /** Any active account but the management account. */
  readonly account: AccountId
  /** Lets time go on for what is in flight. */
  readonly tick: () => Promise<void>
}

const call: CallOptions = { lane: 'repair', signal: new AbortController().signal }

/** What every Identity Center has to do, whoever plays it. Each test leaves the organization as it found it. */
export function identityCenterContract(open: () => Promise<IdentityCenterUnderTest>): void {
  it('describes its instance', async () => {
    const { identityCenter, instanceArn, identityStoreId } = await open()
    expect(await identityCenter.describeInstance(call)).toMatchObject({ instanceArn, identityStoreId })
  })

  it('lists all accounts, however many pages they take, and knows the management account', async () => {
    const { identityCenter, accounts, managementAccount } = await open()
    const listed = await identityCenter.listAccounts(call)
    expect(new Set(listed.map(({ id }) => id))).toEqual(accounts)
    expect(listed.filter(({ isManagement }) => isManagement).map(({ id }) => id)).toEqual([managementAccount])
  })

  it('lists all permission sets and describes each', async () => {
    const { identityCenter, permissionSets } = await open()
    const listed = await identityCenter.listPermissionSets(call)
    const described = await Promise.all(listed.map((arn) => identityCenter.describePermissionSet(arn, call)))
    expect(new Map(described.map(({ arn, name }) => [arn, name]))).toEqual(permissionSets)
    expect(described.every(({ sessionDuration }) => sessionDuration.startsWith('PT'))).toBe(true)
  })

  it('reads a permission set afresh, the same each time, and says that one is gone', async () => {
    const { identityCenter, permissionSets } = await open()
    const [[arn, name] = []] = permissionSets
    if (arn === undefined) throw new Error('the organization has no permission set')
    const fresh: CallOptions = { lane: 'just-in-time', signal: call.signal }
    const reading = await identityCenter.readPermissionSet(arn, fresh)
    expect(reading).toMatchObject({ arn, name })
    expect(await identityCenter.readPermissionSet(arn, fresh)).toEqual(reading)
    const gone = `${arn.slice(0, -4)}dead` as PermissionSetArn // of the right form
    await expect(identityCenter.readPermissionSet(gone, fresh)).rejects.toMatchObject({ failure: 'not-found' })
  })

  it('lists all users, all groups and the members of each group', async () => {
    const { identityCenter, users, groups } = await open()
    const listed = await identityCenter.listUsers(call)
    expect(new Map(listed.map(({ id, userName }) => [id, userName]))).toEqual(users)
    const found = await Promise.all(
      (await identityCenter.listGroups(call)).map(async ({ id, displayName }) => {
        const members = new Set(await identityCenter.listGroupMembers(id, call))
        return [id, { displayName, members }] as const
      }),
    )
    expect(new Map(found)).toEqual(groups)
  })

  it("lists a group's assignments, and none of them as its members' own", async () => {
    const { identityCenter, user, group } = await open()
    expect(await identityCenter.listAssignments({ type: 'GROUP', id: group.id }, call)).toEqual(group.assignments)
    expect(await identityCenter.listAssignments({ type: 'USER', id: user }, call)).toEqual(new Set())
  })

  it('makes an assignment that is seen once it has succeeded, and removes it again', async () => {
    const scene = await open()
    const { identityCenter } = scene
    const assignment = anAssignment(scene)
    expect(await ended(scene, 'creation', await identityCenter.createAssignment(assignment, call))).toBe('succeeded')
    expect(await identityCenter.listAssignments(assignment.principal, call)).toEqual(new Set([grantKey(assignment)]))
    expect(await ended(scene, 'deletion', await identityCenter.deleteAssignment(assignment, call))).toBe('succeeded')
    expect(await identityCenter.listAssignments(assignment.principal, call)).toEqual(new Set())
  })

  it('takes a second assignment of the same kind for done', async () => {
    const scene = await open()
    const assignment = anAssignment(scene)
    for (let twice = 0; twice < 2; twice += 1)
      expect(await ended(scene, 'creation', await scene.identityCenter.createAssignment(assignment, call))).toBe(
        'succeeded',
      )
    expect(await scene.identityCenter.listAssignments(assignment.principal, call)).toHaveLength(1)
    await ended(scene, 'deletion', await scene.identityCenter.deleteAssignment(assignment, call))
  })

  it('has removed what was never there', async () => {
    const scene = await open()
    const status = await scene.identityCenter.deleteAssignment(anAssignment(scene), call)
    expect(await ended(scene, 'deletion', status)).toBe('succeeded')
  })

  it('never assigns to a principal that does not exist', async () => {
    const scene = await open()
    const nobody = { type: 'USER', id: '00000000-0000-4000-8000-000000000000' as AwsUserId } as const
    const assignment = { ...anAssignment(scene), principal: nobody }
    const outcome = await scene.identityCenter.createAssignment(assignment, call).then(
      (status) => ended(scene, 'creation', status),
      (error: unknown) => (error instanceof IdentityCenterError ? error.failure : 'a bug'),
    )
    expect(['not-found', 'failed']).toContain(outcome)
  })

  it('ends a call with the reason of whoever gave it up', async () => {
    const { identityCenter } = await open()
    const signal = AbortSignal.abort(new Error('given up'))
    await expect(identityCenter.listUsers({ lane: 'sweep', signal })).rejects.toThrow('given up')
  })
}

function anAssignment({ account, permissionSets, user }: IdentityCenterUnderTest): AccountAssignment {
  const [permissionSet] = permissionSets.keys()
  if (permissionSet === undefined) throw new Error('the organization has no permission set')
  return { account, permissionSet, principal: { type: 'USER', id: user } }
}

/** The final status, asked for until there is one. */
async function ended(
  { identityCenter, tick }: IdentityCenterUnderTest,
  kind: 'creation' | 'deletion',
  begun: AssignmentStatus,
): Promise<AssignmentStatus['status']> {
  let status = begun
  while (status.status === 'in-progress') {
    await tick()
    status = await identityCenter.describeAssignmentRequest(kind, status.requestId, call)
  }
  return status.status
}
