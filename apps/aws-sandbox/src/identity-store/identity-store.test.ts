import {
  CreateGroupCommand,
  CreateGroupMembershipCommand,
  CreateUserCommand,
  DeleteGroupMembershipCommand,
  DeleteUserCommand,
  DescribeGroupCommand,
  DescribeUserCommand,
  GetGroupIdCommand,
  GetGroupMembershipIdCommand,
  GetUserIdCommand,
  IsMemberInGroupsCommand,
  ListGroupMembershipsCommand,
  ListGroupMembershipsForMemberCommand,
  ListUsersCommand,
  UpdateGroupCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-identitystore'
import { describe, expect, it } from 'vitest'
import { startTestSandbox } from '../testing/sandbox-clients.ts'

async function startEmpty() {
  const world = await startTestSandbox({ seed: 'empty' })
  const { identityStoreId: IdentityStoreId } = world.sandbox
  const createUser = async (UserName: string) => {
    const Name = { GivenName: 'Given', FamilyName: 'Family' }
    const Emails = [{ Value: UserName, Primary: true }]
    const described = { IdentityStoreId, UserName, Name, DisplayName: 'Shown', Emails }
    return (await world.identityStore.send(new CreateUserCommand(described))).UserId
  }
  const createGroup = async (DisplayName: string) =>
    (await world.identityStore.send(new CreateGroupCommand({ IdentityStoreId, DisplayName }))).GroupId
  return { ...world, IdentityStoreId, createUser, createGroup }
}

describe('users', () => {
  it('shows a user as it was made, found by name and by e-mail address', async () => {
    await using world = await startEmpty()
    const { identityStore, IdentityStoreId } = world
    const UserId = await world.createUser('ana@acme.example')
    const described = await identityStore.send(new DescribeUserCommand({ IdentityStoreId, UserId }))
    expect(described).toMatchObject({
      UserName: 'ana@acme.example',
      Name: { GivenName: 'Given', FamilyName: 'Family' },
      Emails: [{ Value: 'ana@acme.example', Primary: true }],
      UserStatus: 'ENABLED',
    })
    expect(described.CreatedAt).toBeInstanceOf(Date)
    for (const AttributePath of ['userName', 'emails.value']) {
      const UniqueAttribute = { AttributePath, AttributeValue: 'ANA@acme.example' }
      const found = await identityStore.send(
        new GetUserIdCommand({ IdentityStoreId, AlternateIdentifier: { UniqueAttribute } }),
      )
      expect(found.UserId).toBe(UserId)
    }
    const filtered = await identityStore.send(
      new ListUsersCommand({
        IdentityStoreId,
        Filters: [{ AttributePath: 'UserName', AttributeValue: 'ana@acme.example' }],
      }),
    )
    expect(filtered.Users).toHaveLength(1)
  })

  it('demands what Identity Center demands although the model does not', async () => {
    await using world = await startEmpty()
    const { identityStore, IdentityStoreId } = world
    const nameless = identityStore.send(
      new CreateUserCommand({ IdentityStoreId, UserName: 'x', DisplayName: 'X', Name: { FamilyName: 'F' } }),
    )
    await expect(nameless).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'givenname: The attribute givenname is required',
    })
  })

  it('keeps user names and primary e-mail addresses unique, whatever their letter case', async () => {
    await using world = await startEmpty()
    await world.createUser('ana@acme.example')
    await expect(world.createUser('Ana@Acme.example')).rejects.toMatchObject({
      name: 'ConflictException',
      Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION',
    })
    await expect(world.createUser('Administrator')).rejects.toMatchObject({ name: 'ValidationException' })
  })

  it('changes one attribute and leaves the others', async () => {
    await using world = await startEmpty()
    const { identityStore, IdentityStoreId } = world
    const UserId = await world.createUser('ana@acme.example')
    const Operations = [
      { AttributePath: 'name.familyName', AttributeValue: 'Changed' },
      { AttributePath: 'title', AttributeValue: 'Engineer' },
    ]
    await identityStore.send(new UpdateUserCommand({ IdentityStoreId, UserId, Operations }))
    const described = await identityStore.send(new DescribeUserCommand({ IdentityStoreId, UserId }))
    expect(described).toMatchObject({ Name: { GivenName: 'Given', FamilyName: 'Changed' }, Title: 'Engineer' })
    await identityStore.send(
      new UpdateUserCommand({ IdentityStoreId, UserId, Operations: [{ AttributePath: 'title' }] }),
    )
    const without = await identityStore.send(new DescribeUserCommand({ IdentityStoreId, UserId }))
    expect(without.Title).toBeUndefined()
    const removal = [{ AttributePath: 'userName' }]
    const refused = identityStore.send(new UpdateUserCommand({ IdentityStoreId, UserId, Operations: removal }))
    await expect(refused).rejects.toMatchObject({ name: 'ValidationException' })
  })
})

describe('groups and members', () => {
  it('lists a membership from both sides until it or its user is gone', async () => {
    await using world = await startEmpty()
    const { identityStore, IdentityStoreId } = world
    const [UserId, other] = [await world.createUser('ana@acme.example'), await world.createUser('bo@acme.example')]
    const GroupId = await world.createGroup('team')
    const MemberId = { UserId: UserId ?? '' }
    const { MembershipId } = await identityStore.send(
      new CreateGroupMembershipCommand({ IdentityStoreId, GroupId, MemberId }),
    )
    const again = identityStore.send(new CreateGroupMembershipCommand({ IdentityStoreId, GroupId, MemberId }))
    await expect(again).rejects.toMatchObject({ name: 'ConflictException' })
    const found = await identityStore.send(new GetGroupMembershipIdCommand({ IdentityStoreId, GroupId, MemberId }))
    expect(found.MembershipId).toBe(MembershipId)
    const inGroups = await identityStore.send(
      new IsMemberInGroupsCommand({ IdentityStoreId, MemberId, GroupIds: [GroupId ?? ''] }),
    )
    expect(inGroups.Results?.[0]?.MembershipExists).toBe(true)
    const ofUser = await identityStore.send(new ListGroupMembershipsForMemberCommand({ IdentityStoreId, MemberId }))
    expect(ofUser.GroupMemberships).toMatchObject([{ GroupId, MemberId, MembershipId }])

    await identityStore.send(new DeleteGroupMembershipCommand({ IdentityStoreId, MembershipId }))
    const memberships = async () =>
      (await identityStore.send(new ListGroupMembershipsCommand({ IdentityStoreId, GroupId }))).GroupMemberships
    expect(await memberships()).toEqual([])
    await identityStore.send(
      new CreateGroupMembershipCommand({ IdentityStoreId, GroupId, MemberId: { UserId: other ?? '' } }),
    )
    await identityStore.send(new DeleteUserCommand({ IdentityStoreId, UserId: other }))
    expect(await memberships()).toEqual([])
    const gone = identityStore.send(new DescribeUserCommand({ IdentityStoreId, UserId: other }))
    await expect(gone).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      ResourceType: 'USER',
      ResourceId: other,
    })
  })

  it('renames a group without losing its id', async () => {
    await using world = await startEmpty()
    const { identityStore, IdentityStoreId } = world
    const GroupId = await world.createGroup('before')
    const Operations = [{ AttributePath: 'displayName', AttributeValue: 'after' }]
    await identityStore.send(new UpdateGroupCommand({ IdentityStoreId, GroupId, Operations }))
    const UniqueAttribute = { AttributePath: 'displayName', AttributeValue: 'after' }
    const found = await identityStore.send(
      new GetGroupIdCommand({ IdentityStoreId, AlternateIdentifier: { UniqueAttribute } }),
    )
    expect(found.GroupId).toBe(GroupId)
    await expect(world.createGroup('After')).rejects.toMatchObject({ name: 'ConflictException' })
  })

  it('refuses malformed and unknown ids', async () => {
    await using world = await startEmpty()
    const { identityStore, IdentityStoreId } = world
    const malformed = identityStore.send(new DescribeGroupCommand({ IdentityStoreId, GroupId: 'nonsense' }))
    await expect(malformed).rejects.toMatchObject({ name: 'ValidationException' })
    const GroupId = '00000000-0000-4000-8000-000000000000'
    const unknown = identityStore.send(new DescribeGroupCommand({ IdentityStoreId, GroupId }))
    await expect(unknown).rejects.toMatchObject({ name: 'ResourceNotFoundException', ResourceType: 'GROUP' })
    const elsewhere = identityStore.send(new ListUsersCommand({ IdentityStoreId: 'd-0000000000' }))
    await expect(elsewhere).rejects.toMatchObject({ ResourceType: 'IDENTITY_STORE' })
  })
})
