import { z } from 'zod'
import type { Caller } from '../world/caller.ts'
import { defineOperation, type Operation } from '../world/operation.ts'
import type { World } from '../world/world.ts'
import { noSuchEntity } from './iam-error.ts'
import { accountOf, arn, presentTags } from './iam-input.ts'

const getSamlProvider = defineOperation({
  service: 'iam',
  name: 'GetSAMLProvider',
  input: z.object({ SAMLProviderArn: arn }),
  resources: (_: World, { SAMLProviderArn }: { SAMLProviderArn: string }, _caller: Caller) => [SAMLProviderArn],
  run(world, { SAMLProviderArn }, call) {
    const provider = world.samlProviders.seen(call.view).get(SAMLProviderArn)
    if (provider?.accountId !== accountOf(call)) {
      throw noSuchEntity(`Manifest not found for arn ${SAMLProviderArn}`)
    }
    return {
      SAMLProviderUUID: provider.uuid,
      SAMLMetadataDocument: provider.metadata,
      CreateDate: new Date(provider.createdAt),
      ValidUntil: new Date(provider.validUntil),
      ...(Object.keys(provider.tags).length > 0 && { Tags: presentTags(provider.tags) }),
    }
  },
})

const listSamlProviders = defineOperation({
  service: 'iam',
  name: 'ListSAMLProviders',
  input: z.object({}),
  run(world, _, call) {
    const providers = world.samlProviders.seen(call.view).by('account', accountOf(call))
    return {
      SAMLProviderList: providers.map((provider) => ({
        Arn: provider.arn,
        ValidUntil: new Date(provider.validUntil),
        CreateDate: new Date(provider.createdAt),
      })),
    }
  },
})

export const samlProviderOperations: readonly Operation[] = [getSamlProvider, listSamlProviders]
