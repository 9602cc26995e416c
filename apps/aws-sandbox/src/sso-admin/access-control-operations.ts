import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'
import type { Caller } from '../world/caller.ts'
import { listOf, text } from '../world/input.ts'
import { defineOperation, type Operation } from '../world/operation.ts'
import type { Tags } from '../world/records.ts'
import type { World } from '../world/world.ts'
import { demandInstance, instanceMember, notFound } from './input.ts'

const MOST_ATTRIBUTES = 50
const attributeSchema = z.object({
  Key: text(1, 128, /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u),
  Value: z.object({ Source: listOf(text(0, 256, /^[\p{L}\p{Z}\p{N}_.:/=+\-@[\]{}$\\"]*$/u), 1, 1) }),
})
const configured = z.object({
  ...instanceMember,
  InstanceAccessControlAttributeConfiguration: z.object({
    AccessControlAttributes: listOf(attributeSchema, 0, MOST_ATTRIBUTES),
  }),
})

/** Which attributes of users become tags of their role sessions. Done at once, where AWS may take a moment. */
export const accessControlOperations: readonly Operation[] = [
  defineOperation({
    service: 'sso-admin',
    name: 'CreateInstanceAccessControlAttributeConfiguration',
    input: configured,
    resources: (_world, input) => [input.InstanceArn],
    run(world, input, { caller }) {
      demandInstance(world, caller, input.InstanceArn)
      if (world.home().accessControl !== undefined) {
        throw new AwsError('ConflictException', 'The instance already has a configuration of attributes.')
      }
      world.setHome({ ...world.home(), accessControl: readAttributes(input) })
      return {}
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'DescribeInstanceAccessControlAttributeConfiguration',
    input: z.object(instanceMember),
    resources: (_world, input) => [input.InstanceArn],
    run(world, input, { caller }) {
      const attributes = Object.entries(getConfiguration(world, caller, input.InstanceArn))
      const AccessControlAttributes = attributes.map(([Key, source]) => ({ Key, Value: { Source: [source] } }))
      return { Status: 'ENABLED', InstanceAccessControlAttributeConfiguration: { AccessControlAttributes } }
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'UpdateInstanceAccessControlAttributeConfiguration',
    input: configured,
    resources: (_world, input) => [input.InstanceArn],
    run(world, input, { caller }) {
      getConfiguration(world, caller, input.InstanceArn)
      world.setHome({ ...world.home(), accessControl: readAttributes(input) })
      return {}
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'DeleteInstanceAccessControlAttributeConfiguration',
    input: z.object(instanceMember),
    resources: (_world, input) => [input.InstanceArn],
    run(world, input, { caller }) {
      getConfiguration(world, caller, input.InstanceArn)
      world.setHome({ ...world.home(), accessControl: undefined })
      return {}
    },
  }),
]

function getConfiguration(world: World, caller: Caller, instanceArn: string): Tags {
  demandInstance(world, caller, instanceArn)
  const { accessControl } = world.home()
  if (accessControl === undefined) throw notFound('The instance has no configuration of attributes.')
  return accessControl
}

/** @throws AwsError ValidationException when a key comes twice */
function readAttributes({ InstanceAccessControlAttributeConfiguration: given }: z.infer<typeof configured>): Tags {
  const pairs = given.AccessControlAttributes.map(({ Key, Value }) => [Key, Value.Source[0] ?? ''] as const)
  const attributes = Object.fromEntries(pairs)
  if (Object.keys(attributes).length < pairs.length) {
    throw new AwsError('ValidationException', 'The keys of attributes must differ.')
  }
  return attributes
}
