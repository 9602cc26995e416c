import { expect } from 'vitest'
import { known, type Claim, type Stage } from './claim.ts'

const API = 'Identity Store API Reference'

export function identityStoreClaims({ aws, sandbox }: Stage): readonly Claim[] {
  const { identitystore } = aws
  const { identityStoreId: IdentityStoreId } = sandbox
  const documented = { source: API, standing: 'documented' } as const
  const byName = (AttributePath: string, AttributeValue: string) => ({
    UniqueAttribute: { AttributePath, AttributeValue },
  })
  let [UserId, GroupId, MembershipId] = ['', '', '']
  return [
    {
      operation: 'CreateUser',
      behaviour: 'makes a user who is enabled',
      ...documented,
      async check() {
        const Name = { GivenName: 'Nina', FamilyName: 'Novak' }
        const Emails = [{ Value: 'nina.novak@acme.example', Type: 'work', Primary: true }]
        const user = { UserName: 'nina.novak@acme.example', DisplayName: 'Nina Novak', Name, Emails }
        UserId = known((await identitystore.createUser({ IdentityStoreId, ...user })).UserId)
      },
    },
    {
      operation: 'CreateUser',
      behaviour: 'refuses a user name that exists, in any case: ConflictException (knob caseSensitiveNames)',
      source: API,
      standing: 'assumed',
      check: () =>
        expect(
          identitystore.createUser({
            IdentityStoreId,
            UserName: 'Nina.Novak@acme.example',
            DisplayName: 'x',
            Name: { GivenName: 'x', FamilyName: 'x' },
          }),
        ).rejects.toMatchObject({ name: 'ConflictException', Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION' }),
    },
    {
      operation: 'DescribeUser',
      behaviour: 'shows a user by id',
      ...documented,
      async check() {
        const user = await identitystore.describeUser({ IdentityStoreId, UserId })
        expect(user).toMatchObject({ UserName: 'nina.novak@acme.example', UserStatus: 'ENABLED' })
      },
    },
    {
      operation: 'DescribeUser',
      behaviour: 'says of a user who is not there what kind of thing is missing: ResourceNotFoundException',
      ...documented,
      check: () =>
        expect(
          identitystore.describeUser({ IdentityStoreId, UserId: '00000000-0000-4000-8000-000000000000' }),
        ).rejects.toMatchObject({ name: 'ResourceNotFoundException', ResourceType: 'USER' }),
    },
    {
      operation: 'GetUserId',
      behaviour: 'finds a user by a unique attribute',
      ...documented,
      async check() {
        const AlternateIdentifier = byName('userName', 'nina.novak@acme.example')
        expect((await identitystore.getUserId({ IdentityStoreId, AlternateIdentifier })).UserId).toBe(UserId)
      },
    },
    {
      operation: 'UpdateUser',
      behaviour: 'changes single attributes',
      ...documented,
      async check() {
        const Operations = [{ AttributePath: 'title', AttributeValue: 'Engineer' }]
        await identitystore.updateUser({ IdentityStoreId, UserId, Operations })
        expect((await identitystore.describeUser({ IdentityStoreId, UserId })).Title).toBe('Engineer')
      },
    },
    {
      operation: 'ListUsers',
      behaviour: 'answers pages with a token',
      ...documented,
      async check() {
        const first = await identitystore.listUsers({ IdentityStoreId, MaxResults: 50 })
        expect(first.Users).toHaveLength(50)
        const rest = await identitystore.listUsers({ IdentityStoreId, MaxResults: 50, NextToken: first.NextToken })
        expect(rest.Users).toHaveLength(31)
      },
    },
    {
      operation: 'CreateGroup',
      behaviour: 'makes a group',
      ...documented,
      async check() {
        GroupId = known((await identitystore.createGroup({ IdentityStoreId, DisplayName: 'novices' })).GroupId)
      },
    },
    {
      operation: 'DescribeGroup',
      behaviour: 'shows a group by id',
      ...documented,
      async check() {
        const { DisplayName } = await identitystore.describeGroup({ IdentityStoreId, GroupId })
        expect(DisplayName).toBe('novices')
      },
    },
    {
      operation: 'GetGroupId',
      behaviour: 'finds a group by its name',
      ...documented,
      async check() {
        const AlternateIdentifier = byName('displayName', 'novices')
        expect((await identitystore.getGroupId({ IdentityStoreId, AlternateIdentifier })).GroupId).toBe(GroupId)
      },
    },
    {
      operation: 'UpdateGroup',
      behaviour: 'changes single attributes',
      ...documented,
      async check() {
        const Operations = [{ AttributePath: 'description', AttributeValue: 'new here' }]
        await identitystore.updateGroup({ IdentityStoreId, GroupId, Operations })
        expect((await identitystore.describeGroup({ IdentityStoreId, GroupId })).Description).toBe('new here')
      },
    },
    {
      operation: 'ListGroups',
      behaviour: 'lists all groups',
      ...documented,
      async check() {
        expect((await identitystore.listGroups({ IdentityStoreId })).Groups).toHaveLength(21)
      },
    },
    {
      operation: 'CreateGroupMembership',
      behaviour: 'puts a user into a group, once: ConflictException',
      ...documented,
      async check() {
        const membership = { IdentityStoreId, GroupId, MemberId: { UserId } }
        MembershipId = known((await identitystore.createGroupMembership(membership)).MembershipId)
        const again = identitystore.createGroupMembership(membership)
        await expect(again).rejects.toMatchObject({ name: 'ConflictException' })
      },
    },
    {
      operation: 'DescribeGroupMembership',
      behaviour: 'shows a membership',
      ...documented,
      async check() {
        const membership = await identitystore.describeGroupMembership({ IdentityStoreId, MembershipId })
        expect(membership).toMatchObject({ GroupId, MemberId: { UserId } })
      },
    },
    {
      operation: 'GetGroupMembershipId',
      behaviour: 'finds a membership by its two ends',
      ...documented,
      async check() {
        const found = await identitystore.getGroupMembershipId({ IdentityStoreId, GroupId, MemberId: { UserId } })
        expect(found.MembershipId).toBe(MembershipId)
      },
    },
    {
      operation: 'ListGroupMemberships',
      behaviour: 'lists the members of a group',
      ...documented,
      async check() {
        const { GroupMemberships } = await identitystore.listGroupMemberships({ IdentityStoreId, GroupId })
        expect(GroupMemberships?.map(({ MemberId }) => MemberId)).toEqual([{ UserId }])
      },
    },
    {
      operation: 'ListGroupMembershipsForMember',
      behaviour: 'lists the groups of a member',
      ...documented,
      async check() {
        const found = await identitystore.listGroupMembershipsForMember({ IdentityStoreId, MemberId: { UserId } })
        expect(found.GroupMemberships?.map((row) => row.GroupId)).toEqual([GroupId])
      },
    },
    {
      operation: 'IsMemberInGroups',
      behaviour: 'answers for each group that was asked',
      ...documented,
      async check() {
        const asked = { IdentityStoreId, MemberId: { UserId }, GroupIds: [GroupId] }
        const { Results } = await identitystore.isMemberInGroups(asked)
        expect(Results).toMatchObject([{ GroupId, MembershipExists: true }])
      },
    },
    {
      operation: 'DeleteGroupMembership',
      behaviour: 'takes the user out',
      ...documented,
      async check() {
        await identitystore.deleteGroupMembership({ IdentityStoreId, MembershipId })
        const { GroupMemberships } = await identitystore.listGroupMemberships({ IdentityStoreId, GroupId })
        expect(GroupMemberships).toEqual([])
      },
    },
    {
      operation: 'DeleteGroup',
      behaviour: 'deletes a group',
      ...documented,
      check: () => identitystore.deleteGroup({ IdentityStoreId, GroupId }),
    },
    {
      operation: 'DeleteUser',
      behaviour: 'deletes a user',
      ...documented,
      check: () => identitystore.deleteUser({ IdentityStoreId, UserId }),
    },
  ]
}
