import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'
import { listOf, tagListSchema, text } from '../world/input.ts'
import { defineOperation, type Operation } from '../world/operation.ts'
import type { World } from '../world/world.ts'
import {
  demandInstance,
  denied,
  getPermissionSet,
  instanceMember,
  isDelegated,
  pageHere,
  pageMembers,
  taggableArnSchema,
} from './input.ts'

const MOST_TAGS = 75

export const instanceOperations: readonly Operation[] = [
  defineOperation({
    service: 'sso-admin',
    name: 'ListInstances',
    input: z.object(pageMembers),
    run(world, input, call) {
      const { managementAccountId } = world.home()
      if (call.caller.kind === 'anonymous') return { Instances: [] }
      const isShown = call.caller.accountId === managementAccountId || isDelegated(world, call.caller.accountId)
      const instances = isShown ? [presentInstance(world)] : []
      const page = pageHere(world, call, ['ListInstances'], instances, ({ InstanceArn }) => InstanceArn, input)
      return { Instances: page.rows, NextToken: page.NextToken }
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'DescribeInstance',
    input: z.object(instanceMember),
    resources: (_world, input) => [input.InstanceArn],
    run(world, input, call) {
      // SSO Admin API Reference: AccessDenied, not NotFound, for an instance that is gone.
      if (input.InstanceArn !== world.home().instanceArn)
        throw denied(call.caller, 'sso:DescribeInstance', input.InstanceArn)
      demandInstance(world, call.caller, input.InstanceArn)
      const encryption = { KeyType: 'AWS_OWNED_KMS_KEY', EncryptionStatus: 'ENABLED' }
      return { ...presentInstance(world), EncryptionConfigurationDetails: encryption }
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'UpdateInstance',
    input: z.object({ ...instanceMember, Name: text(0, 255, /^[\w+=,.@-]*$/).optional() }),
    resources: (_world, input) => [input.InstanceArn],
    run(world, input, call) {
      demandInstance(world, call.caller, input.InstanceArn)
      world.setHome({ ...world.home(), instanceName: input.Name })
      return {}
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'ListTagsForResource',
    input: z.object({
      InstanceArn: instanceMember.InstanceArn.optional(),
      ResourceArn: taggableArnSchema,
      NextToken: pageMembers.NextToken,
    }),
    resources: (_world, input) => [input.ResourceArn],
    run(world, input, call) {
      demandTaggable(world, input.ResourceArn)
      const tags = Object.entries(world.tags.seen(call.view).get(input.ResourceArn)?.tags ?? {})
      const page = pageHere(world, call, ['ListTagsForResource', input.ResourceArn], tags, ([key]) => key, input)
      return { Tags: page.rows.map(([Key, Value]) => ({ Key, Value })), NextToken: page.NextToken }
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'TagResource',
    input: z.object({
      InstanceArn: instanceMember.InstanceArn.optional(),
      ResourceArn: taggableArnSchema,
      Tags: tagListSchema(MOST_TAGS),
    }),
    resources: (_world, input) => [input.ResourceArn],
    run(world, input) {
      demandTaggable(world, input.ResourceArn)
      const added = Object.fromEntries(input.Tags.map(({ Key, Value }) => [Key, Value]))
      const tags = { ...world.tags.get(input.ResourceArn)?.tags, ...added }
      if (Object.keys(tags).length > MOST_TAGS) {
        throw new AwsError('ServiceQuotaExceededException', `A resource can't have more than ${MOST_TAGS} tags.`)
      }
      world.tags.set(input.ResourceArn, { resourceId: input.ResourceArn, tags })
      return {}
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'UntagResource',
    input: z.object({
      InstanceArn: instanceMember.InstanceArn.optional(),
      ResourceArn: taggableArnSchema,
      TagKeys: listOf(text(1, 128), 1, MOST_TAGS),
    }),
    resources: (_world, input) => [input.ResourceArn],
    run(world, input) {
      demandTaggable(world, input.ResourceArn)
      const tags = Object.entries(world.tags.get(input.ResourceArn)?.tags ?? {})
      const kept = Object.fromEntries(tags.filter(([key]) => !input.TagKeys.includes(key)))
      world.tags.set(input.ResourceArn, { resourceId: input.ResourceArn, tags: kept })
      return {}
    },
  }),
]

function presentInstance(world: World) {
  const home = world.home()
  return {
    InstanceArn: home.instanceArn,
    IdentityStoreId: home.identityStoreId,
    IdentityStoreArn: `arn:aws:identitystore::${home.managementAccountId}:identitystore/${home.identityStoreId}`,
    OwnerAccountId: home.managementAccountId,
    Name: home.instanceName,
    CreatedDate: new Date(home.instanceCreatedAt),
    Status: 'ACTIVE',
    PrimaryRegion: home.region,
    Regions: [{ RegionName: home.region, Status: 'ACTIVE', IsPrimaryRegion: true }],
  }
}

function demandTaggable(world: World, arn: string) {
  if (arn !== world.home().instanceArn) getPermissionSet(world.permissionSets, arn)
}
