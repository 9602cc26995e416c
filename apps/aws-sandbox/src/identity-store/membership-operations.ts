import { z } from 'zod'
import { listOf } from '../world/input.ts'
import { defineOperation, type Operation } from '../world/operation.ts'
import { membershipPair } from '../world/world.ts'
import { addMembership, findMembership } from './directory-rules.ts'
import {
  arnOf,
  conflict,
  demandStore,
  demandWriter,
  memberIdSchema,
  notFound,
  pageHere,
  pageMembers,
  resourceIdSchema,
  storeMember,
  storeResource,
} from './input.ts'
import { presentMembership } from './present.ts'

export const membershipOperations: readonly Operation[] = [
  defineOperation({
    service: 'identitystore',
    name: 'ListGroupMemberships',
    input: z.object({ ...storeMember, GroupId: resourceIdSchema, ...pageMembers }),
    resources: storeResource,
    run(world, input, call) {
      demandStore(world, input.IdentityStoreId)
      if (!world.groups.seen(call.view).has(input.GroupId)) throw notFound('GROUP', input.GroupId)
      const memberships = world.memberships.seen(call.view).by('group', input.GroupId)
      const page = pageHere(world, call, ['ListGroupMemberships', input.GroupId], memberships, input)
      const presented = page.rows.map((membership) => presentMembership(world.home(), membership))
      return { GroupMemberships: presented, NextToken: page.NextToken }
    },
  }),

  defineOperation({
    service: 'identitystore',
    name: 'ListGroupMembershipsForMember',
    input: z.object({ ...storeMember, MemberId: memberIdSchema, ...pageMembers }),
    resources: storeResource,
    run(world, input, call) {
      demandStore(world, input.IdentityStoreId)
      const userId = input.MemberId.UserId
      if (!world.users.seen(call.view).has(userId)) throw notFound('USER', userId)
      const memberships = world.memberships.seen(call.view).by('user', userId)
      const page = pageHere(world, call, ['ListGroupMembershipsForMember', userId], memberships, input)
      const presented = page.rows.map((membership) => presentMembership(world.home(), membership))
      return { GroupMemberships: presented, NextToken: page.NextToken }
    },
  }),

  defineOperation({
    service: 'identitystore',
    name: 'GetGroupMembershipId',
    input: z.object({ ...storeMember, GroupId: resourceIdSchema, MemberId: memberIdSchema }),
    resources: storeResource,
    run(world, input, call) {
      demandStore(world, input.IdentityStoreId)
      const pair = membershipPair(input.GroupId, input.MemberId.UserId)
      const [membership] = world.memberships.seen(call.view).by('pair', pair)
      if (membership === undefined) throw notFound('GROUP_MEMBERSHIP', pair)
      return { IdentityStoreId: input.IdentityStoreId, MembershipId: membership.id }
    },
  }),

  defineOperation({
    service: 'identitystore',
    name: 'IsMemberInGroups',
    input: z.object({ ...storeMember, MemberId: memberIdSchema, GroupIds: listOf(resourceIdSchema, 1, 100) }),
    resources: storeResource,
    run(world, input, call) {
      demandStore(world, input.IdentityStoreId)
      const seen = world.memberships.seen(call.view)
      const Results = input.GroupIds.map((GroupId) => ({
        GroupId,
        MemberId: input.MemberId,
        MembershipExists: seen.by('pair', membershipPair(GroupId, input.MemberId.UserId)).length > 0,
      }))
      return { Results }
    },
  }),

  defineOperation({
    service: 'identitystore',
    name: 'DescribeGroupMembership',
    input: z.object({ ...storeMember, MembershipId: resourceIdSchema }),
    resources: storeResource,
    run(world, input, call) {
      demandStore(world, input.IdentityStoreId)
      const membership = world.memberships.seen(call.view).get(input.MembershipId)
      if (membership === undefined) throw notFound('GROUP_MEMBERSHIP', input.MembershipId)
      return presentMembership(world.home(), membership)
    },
  }),

  defineOperation({
    service: 'identitystore',
    name: 'CreateGroupMembership',
    input: z.object({ ...storeMember, GroupId: resourceIdSchema, MemberId: memberIdSchema }),
    resources: storeResource,
    run(world, input, call) {
      demandWriter(world, call.caller, input.IdentityStoreId)
      const userId = input.MemberId.UserId
      if (!world.groups.has(input.GroupId)) throw notFound('GROUP', input.GroupId)
      if (!world.users.has(userId)) throw notFound('USER', userId)
      if (findMembership(world, input.GroupId, userId) !== undefined)
        throw conflict('Member and Group relationship already exists.')
      const membership = addMembership(world, input.GroupId, userId, arnOf(call.caller))
      return { IdentityStoreId: input.IdentityStoreId, MembershipId: membership.id }
    },
  }),

  defineOperation({
    service: 'identitystore',
    name: 'DeleteGroupMembership',
    input: z.object({ ...storeMember, MembershipId: resourceIdSchema }),
    resources: storeResource,
    run(world, input, call) {
      demandWriter(world, call.caller, input.IdentityStoreId)
      if (!world.memberships.delete(input.MembershipId)) throw notFound('GROUP_MEMBERSHIP', input.MembershipId)
      return {}
    },
  }),
]
