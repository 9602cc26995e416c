import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'
import { newDirectoryId } from '../world/ids.ts'
import { listOf, text } from '../world/input.ts'
import { defineOperation, type Operation } from '../world/operation.ts'
import type { User } from '../world/records.ts'
import type { World } from '../world/world.ts'
import { applyAttributeOperations, attributeOperationsSchema } from './attribute-operations.ts'
import { deleteUser, findUserConflict, isReservedName } from './directory-rules.ts'
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
import { ENTERPRISE_EXTENSION, presentUser, scimIssuer } from './present.ts'
import { attributesOf, userAttributesSchema, withLowerNames } from './user-attributes.ts'

const extensionsMember = { Extensions: listOf(text(1, 50), 0, 10).optional() }
const ATTRIBUTE_PATH = text(1, 255)

export const userOperations: readonly Operation[] = [
  defineOperation({
    service: 'identitystore',
    name: 'ListUsers',
    input: z.object({
      ...storeMember,
      ...extensionsMember,
      ...pageMembers,
      Filters: listOf(z.object({ AttributePath: ATTRIBUTE_PATH, AttributeValue: z.string() }), 0, 1).optional(),
    }),
    resources: storeResource,
    run(world, input, call) {
      demandStore(world, input.IdentityStoreId)
      const filter = input.Filters?.[0]
      if (filter !== undefined && filter.AttributePath !== 'UserName') throw unsupportedFilter(filter.AttributePath)
      const seen = world.users.seen(call.view)
      const users = filter === undefined ? [...seen.values()] : seen.by('userName', filter.AttributeValue.toLowerCase())
      const page = pageHere(world, call, ['ListUsers', filter?.AttributeValue], users, input)
      const presented = page.rows.map((user) => presentUser(world.home(), user, asksEnterprise(input.Extensions)))
      return { Users: presented, NextToken: page.NextToken }
    },
  }),

  defineOperation({
    service: 'identitystore',
    name: 'DescribeUser',
    input: z.object({ ...storeMember, ...extensionsMember, UserId: resourceIdSchema }),
    resources: storeResource,
    run(world, input, call) {
      demandStore(world, input.IdentityStoreId)
      const user = world.users.seen(call.view).get(input.UserId)
      if (user === undefined) throw notFound('USER', input.UserId)
      return presentUser(world.home(), user, asksEnterprise(input.Extensions))
    },
  }),

  defineOperation({
    service: 'identitystore',
    name: 'GetUserId',
    input: z.object({ ...storeMember, AlternateIdentifier: alternateIdentifierSchema }),
    resources: storeResource,
    run(world, input, call) {
      demandStore(world, input.IdentityStoreId)
      const { ExternalId, UniqueAttribute } = input.AlternateIdentifier
      const seen = world.users.seen(call.view)
      const found =
        UniqueAttribute === undefined
          ? seen.by('externalId', ExternalId?.Issuer === scimIssuer(world.home()) ? ExternalId.Id : ' ')
          : seen.by(uniqueIndex(UniqueAttribute.AttributePath), UniqueAttribute.AttributeValue.toLowerCase())
      const [user] = found
      if (user === undefined) throw notFound('USER', UniqueAttribute?.AttributeValue ?? ExternalId?.Id ?? '')
      return { IdentityStoreId: input.IdentityStoreId, UserId: user.id }
    },
  }),

  defineOperation({
    service: 'identitystore',
    name: 'CreateUser',
    input: z.looseObject({ ...storeMember, Extensions: z.record(z.string(), z.unknown()).optional() }),
    resources: storeResource,
    run(world, input, call) {
      demandWriter(world, call.caller, input.IdentityStoreId)
      const { IdentityStoreId, Extensions, ...attributes } = input
      const extension = Extensions?.[ENTERPRISE_EXTENSION]
      const parsed = parseAttributes({ ...Object(withLowerNames(attributes)), enterprise: extension })
      const stamp = {
        createdAt: call.now,
        updatedAt: call.now,
        createdBy: arnOf(call.caller),
        updatedBy: arnOf(call.caller),
      }
      const user: User = { ...parsed, ...stamp, id: newDirectoryId(), active: true }
      refuseTaken(world, user)
      world.users.set(user.id, user)
      return { IdentityStoreId, UserId: user.id }
    },
  }),

  defineOperation({
    service: 'identitystore',
    name: 'UpdateUser',
    input: z.object({ ...storeMember, UserId: resourceIdSchema, Operations: attributeOperationsSchema }),
    resources: storeResource,
    run(world, input, call) {
      demandWriter(world, call.caller, input.IdentityStoreId)
      const user = world.users.get(input.UserId)
      if (user === undefined) throw notFound('USER', input.UserId)
      const changed = applyAttributeOperations(attributesOf(user), input.Operations)
      const { id, active, externalId, createdAt, createdBy } = user
      const kept = { id, active, externalId, createdAt, createdBy }
      const next: User = { ...parseAttributes(changed), ...kept, updatedAt: call.now, updatedBy: arnOf(call.caller) }
      refuseTaken(world, next)
      world.users.set(user.id, next)
      return {}
    },
  }),

  defineOperation({
    service: 'identitystore',
    name: 'DeleteUser',
    input: z.object({ ...storeMember, UserId: resourceIdSchema }),
    resources: storeResource,
    run(world, input, call) {
      demandWriter(world, call.caller, input.IdentityStoreId)
      if (!world.users.has(input.UserId)) throw notFound('USER', input.UserId)
      deleteUser(world, input.UserId)
      return {}
    },
  }),
]

function parseAttributes(attributes: unknown) {
  const parsed = userAttributesSchema.safeParse(attributes)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const name = issue?.path.at(-1)?.toString() ?? 'input'
  const isMissing = issue?.code === 'invalid_type' && issue.message.endsWith('undefined')
  const lower = name.toLowerCase()
  throw new AwsError(
    'ValidationException',
    isMissing
      ? `${lower}: The attribute ${lower} is required`
      : `${lower}: ${issue?.message ?? 'The attribute is not valid'}`,
  )
}

function refuseTaken(world: World, user: User) {
  if (isReservedName(user.userName))
    throw new AwsError('ValidationException', `${user.userName} is a reserved user name.`)
  const taken = findUserConflict(world, user)
  if (taken !== undefined) throw conflict(`Duplicate ${taken}: a user with this value exists.`)
}

function uniqueIndex(path: string): string {
  if (path.toLowerCase() === 'username') return 'userName'
  if (path.toLowerCase() === 'emails.value') return 'email'
  throw unsupportedFilter(path)
}

export function unsupportedFilter(path: string): AwsError {
  return new AwsError('ValidationException', `The attribute path ${path} is not supported here.`)
}

function asksEnterprise(extensions: readonly string[] | undefined): boolean {
  return extensions?.includes(ENTERPRISE_EXTENSION) ?? false
}
