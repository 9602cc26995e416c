import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'
import { newDirectoryId } from '../world/ids.ts'
import { listOf, text } from '../world/input.ts'
import { defineOperation, type Operation } from '../world/operation.ts'
import type { Group } from '../world/records.ts'
import type { World } from '../world/world.ts'
import { applyAttributeOperations, attributeOperationsSchema } from './attribute-operations.ts'
import { deleteGroup, findGroupConflict, isReservedName } from './directory-rules.ts'
import {
  alternateIdentifierSchema,
  arnOf,
  conflict,
  demandStore,
  demandWriter,
  notFound,
  pageHere,
  pageMembers,
  resourceIdSchema,
  storeMember,
  storeResource,
} from './input.ts'
import { presentGroup, scimIssuer } from './present.ts'
import { unsupportedFilter } from './user-operations.ts'

const displayNameSchema = text(1, 1_024, /^[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r \u00A0]+$/u)
const descriptionSchema = text(1, 1_024)
const groupAttributesSchema = z.object({ displayName: displayNameSchema, description: descriptionSchema.optional() })

export const groupOperations: readonly Operation[] = [
  defineOperation({
    service: 'identitystore',
    name: 'ListGroups',
    input: z.object({
      ...storeMember,
      ...pageMembers,
      Filters: listOf(z.object({ AttributePath: text(1, 255), AttributeValue: z.string() }), 0, 1).optional(),
    }),
    resources: storeResource,
    run(world, input, call) {
      demandStore(world, input.IdentityStoreId)
      const filter = input.Filters?.[0]
      if (filter !== undefined && filter.AttributePath !== 'DisplayName') throw unsupportedFilter(filter.AttributePath)
      const seen = world.groups.seen(call.view)
      const groups =
        filter === undefined ? [...seen.values()] : seen.by('displayName', filter.AttributeValue.toLowerCase())
      const page = pageHere(world, call, ['ListGroups', filter?.AttributeValue], groups, input)
      return { Groups: page.rows.map((group) => presentGroup(world.home(), group)), NextToken: page.NextToken }
    },
  }),

  defineOperation({
    service: 'identitystore',
    name: 'DescribeGroup',
    input: z.object({ ...storeMember, GroupId: resourceIdSchema }),
    resources: storeResource,
    run(world, input, call) {
      demandStore(world, input.IdentityStoreId)
      const group = world.groups.seen(call.view).get(input.GroupId)
      if (group === undefined) throw notFound('GROUP', input.GroupId)
      return presentGroup(world.home(), group)
    },
  }),

  defineOperation({
    service: 'identitystore',
    name: 'GetGroupId',
    input: z.object({ ...storeMember, AlternateIdentifier: alternateIdentifierSchema }),
    resources: storeResource,
    run(world, input, call) {
      demandStore(world, input.IdentityStoreId)
      const { ExternalId, UniqueAttribute } = input.AlternateIdentifier
      if (UniqueAttribute !== undefined && UniqueAttribute.AttributePath.toLowerCase() !== 'displayname') {
        throw unsupportedFilter(UniqueAttribute.AttributePath)
      }
      const seen = world.groups.seen(call.view)
      const [group] =
        UniqueAttribute === undefined
          ? seen.by('externalId', ExternalId?.Issuer === scimIssuer(world.home()) ? ExternalId.Id : ' ')
          : seen.by('displayName', UniqueAttribute.AttributeValue.toLowerCase())
      if (group === undefined) throw notFound('GROUP', UniqueAttribute?.AttributeValue ?? ExternalId?.Id ?? '')
      return { IdentityStoreId: input.IdentityStoreId, GroupId: group.id }
    },
  }),

  defineOperation({
    service: 'identitystore',
    name: 'CreateGroup',
    input: z.object({
      ...storeMember,
      DisplayName: displayNameSchema.optional(),
      Description: descriptionSchema.optional(),
    }),
    resources: storeResource,
    run(world, input, call) {
      demandWriter(world, call.caller, input.IdentityStoreId)
      if (input.DisplayName === undefined) {
        throw new AwsError('ValidationException', 'displayname: The attribute displayname is required')
      }
      const by = arnOf(call.caller)
      const group: Group = {
        id: newDirectoryId(),
        displayName: input.DisplayName,
        description: input.Description,
        createdAt: call.now,
        updatedAt: call.now,
        createdBy: by,
        updatedBy: by,
      }
      refuseTaken(world, group)
      world.groups.set(group.id, group)
      return { IdentityStoreId: input.IdentityStoreId, GroupId: group.id }
    },
  }),

  defineOperation({
    service: 'identitystore',
    name: 'UpdateGroup',
    input: z.object({ ...storeMember, GroupId: resourceIdSchema, Operations: attributeOperationsSchema }),
    resources: storeResource,
    run(world, input, call) {
      demandWriter(world, call.caller, input.IdentityStoreId)
      const group = world.groups.get(input.GroupId)
      if (group === undefined) throw notFound('GROUP', input.GroupId)
      const { displayName, description } = group
      const parsed = groupAttributesSchema.safeParse(
        applyAttributeOperations({ displayName, description }, input.Operations),
      )
      if (!parsed.success) {
        throw new AwsError('ValidationException', parsed.error.issues[0]?.message ?? 'The attributes are not valid.')
      }
      const stamp = { updatedAt: call.now, updatedBy: arnOf(call.caller) }
      const next: Group = { ...group, description: undefined, ...parsed.data, ...stamp }
      refuseTaken(world, next)
      world.groups.set(group.id, next)
      return {}
    },
  }),

  defineOperation({
    service: 'identitystore',
    name: 'DeleteGroup',
    input: z.object({ ...storeMember, GroupId: resourceIdSchema }),
    resources: storeResource,
    run(world, input, call) {
      demandWriter(world, call.caller, input.IdentityStoreId)
      if (!world.groups.has(input.GroupId)) throw notFound('GROUP', input.GroupId)
      deleteGroup(world, input.GroupId)
      return {}
    },
  }),
]

function refuseTaken(world: World, group: Group) {
  if (isReservedName(group.displayName)) {
    throw new AwsError('ValidationException', `${group.displayName} is a reserved group name.`)
  }
  const taken = findGroupConflict(world, group)
  if (taken !== undefined) throw conflict(`Duplicate ${taken}: a group with this value exists.`)
}
