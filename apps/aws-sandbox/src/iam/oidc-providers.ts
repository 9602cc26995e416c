import { z } from 'zod'
import { defineOperation, type Operation } from '../world/operation.ts'
import type { OidcProvider } from '../world/records.ts'
import type { World } from '../world/world.ts'
import { alreadyExists, invalidInput, limitExceeded, noSuchEntity } from './iam-error.ts'
import { accountOf, arn, listOf, marker, maxItems, presentTags, tags } from './iam-input.ts'
import { paginate } from './paginate.ts'
import { parseIssuerUrl } from './parse-issuer-url.ts'

/** IAM User Guide, "IAM and AWS STS quotas". */
const MAX_PROVIDERS = 100
const MAX_CLIENT_IDS = 100
const MAX_THUMBPRINTS = 5

const clientId = z.string().min(1).max(255)
const thumbprints = listOf(z.string().length(40))
const providerArn = z.object({ OpenIDConnectProviderArn: arn })
const ofProvider = (_: World, input: z.infer<typeof providerArn>) => [input.OpenIDConnectProviderArn]

const create = defineOperation({
  service: 'iam',
  name: 'CreateOpenIDConnectProvider',
  input: z.object({
    Url: z.string().min(1).max(255),
    ClientIDList: listOf(clientId),
    ThumbprintList: thumbprints,
    Tags: tags,
  }),
  resources: (_, { Url }, caller) => [
    `arn:aws:iam::${caller.kind === 'anonymous' ? '' : caller.accountId}:oidc-provider/${withoutScheme(Url)}`,
  ],
  run(world, input, call) {
    const accountId = accountOf(call)
    const issuer = parseIssuerUrl(input.Url, { allowInsecure: world.knobs.allowInsecureIssuers })
    const url = withoutScheme(issuer)
    const created: OidcProvider = {
      accountId,
      arn: `arn:aws:iam::${accountId}:oidc-provider/${url}`,
      url,
      issuer,
      clientIds: checkClientIds(input.ClientIDList),
      thumbprints: checkThumbprints(input.ThumbprintList),
      tags: input.Tags,
      createdAt: call.now,
    }
    if (world.oidcProviders.has(created.arn)) {
      throw alreadyExists(`Provider with url ${issuer} already exists.`)
    }
    if (world.oidcProviders.by('account', accountId).length >= MAX_PROVIDERS) {
      throw limitExceeded(`Cannot exceed quota for OpenIdConnectProvidersPerAccount: ${MAX_PROVIDERS}`)
    }
    world.oidcProviders.set(created.arn, created)
    return { OpenIDConnectProviderArn: created.arn, ...presentTagList(created) }
  },
})

const get = defineOperation({
  service: 'iam',
  name: 'GetOpenIDConnectProvider',
  input: providerArn,
  resources: ofProvider,
  run(world, input, call) {
    const provider = world.oidcProviders.seen(call.view).get(input.OpenIDConnectProviderArn)
    if (provider?.accountId !== accountOf(call)) throw notFound(input.OpenIDConnectProviderArn)
    return {
      Url: provider.url,
      ClientIDList: provider.clientIds,
      ThumbprintList: provider.thumbprints,
      CreateDate: new Date(provider.createdAt),
      ...presentTagList(provider),
    }
  },
})

const list = defineOperation({
  service: 'iam',
  name: 'ListOpenIDConnectProviders',
  input: z.object({}),
  run(world, _, call) {
    const providers = world.oidcProviders.seen(call.view).by('account', accountOf(call))
    return { OpenIDConnectProviderList: providers.map((provider) => ({ Arn: provider.arn })) }
  },
})

const remove = defineOperation({
  service: 'iam',
  name: 'DeleteOpenIDConnectProvider',
  input: providerArn,
  resources: ofProvider,
  run(world, input, call) {
    // Deleting what is not there is no error (IAM API Reference, "DeleteOpenIDConnectProvider").
    const provider = world.oidcProviders.get(input.OpenIDConnectProviderArn)
    if (provider?.accountId === accountOf(call)) world.oidcProviders.delete(provider.arn)
    return {}
  },
})

const addClientId = defineOperation({
  service: 'iam',
  name: 'AddClientIDToOpenIDConnectProvider',
  input: providerArn.extend({ ClientID: clientId }),
  resources: ofProvider,
  run(world, input, call) {
    const provider = getProvider(world, accountOf(call), input.OpenIDConnectProviderArn)
    const clientIds = checkClientIds([...new Set([...provider.clientIds, input.ClientID])])
    world.oidcProviders.set(provider.arn, { ...provider, clientIds })
    return {}
  },
})

const removeClientId = defineOperation({
  service: 'iam',
  name: 'RemoveClientIDFromOpenIDConnectProvider',
  input: providerArn.extend({ ClientID: clientId }),
  resources: ofProvider,
  run(world, input, call) {
    const provider = getProvider(world, accountOf(call), input.OpenIDConnectProviderArn)
    const clientIds = provider.clientIds.filter((id) => id !== input.ClientID)
    world.oidcProviders.set(provider.arn, { ...provider, clientIds })
    return {}
  },
})

const updateThumbprint = defineOperation({
  service: 'iam',
  name: 'UpdateOpenIDConnectProviderThumbprint',
  input: providerArn.extend({ ThumbprintList: thumbprints }),
  resources: ofProvider,
  run(world, input, call) {
    const provider = getProvider(world, accountOf(call), input.OpenIDConnectProviderArn)
    world.oidcProviders.set(provider.arn, { ...provider, thumbprints: checkThumbprints(input.ThumbprintList) })
    return {}
  },
})

const tag = defineOperation({
  service: 'iam',
  name: 'TagOpenIDConnectProvider',
  input: providerArn.extend({ Tags: tags }),
  resources: ofProvider,
  run(world, input, call) {
    const provider = getProvider(world, accountOf(call), input.OpenIDConnectProviderArn)
    world.oidcProviders.set(provider.arn, { ...provider, tags: { ...provider.tags, ...input.Tags } })
    return {}
  },
})

const untag = defineOperation({
  service: 'iam',
  name: 'UntagOpenIDConnectProvider',
  input: providerArn.extend({ TagKeys: listOf(z.string()) }),
  resources: ofProvider,
  run(world, input, call) {
    const provider = getProvider(world, accountOf(call), input.OpenIDConnectProviderArn)
    const kept = Object.entries(provider.tags).filter(([key]) => !input.TagKeys.includes(key))
    world.oidcProviders.set(provider.arn, { ...provider, tags: Object.fromEntries(kept) })
    return {}
  },
})

const listTags = defineOperation({
  service: 'iam',
  name: 'ListOpenIDConnectProviderTags',
  input: providerArn.extend({ Marker: marker, MaxItems: maxItems }),
  resources: ofProvider,
  run(world, input, call) {
    const provider = getProvider(world, accountOf(call), input.OpenIDConnectProviderArn)
    const { items, paging } = paginate(presentTags(provider.tags), ({ Key }) => Key, input)
    return { Tags: items, ...paging }
  },
})

export const oidcProviderOperations: readonly Operation[] = [
  create,
  get,
  list,
  remove,
  addClientId,
  removeClientId,
  updateThumbprint,
  tag,
  untag,
  listTags,
]

function getProvider(world: World, account: string, wanted: string): OidcProvider {
  const provider = world.oidcProviders.get(wanted)
  if (provider?.accountId !== account) throw notFound(wanted)
  return provider
}

function notFound(wanted: string) {
  return noSuchEntity(`OpenIDConnect Provider not found for arn ${wanted}`)
}

function checkClientIds(clientIds: readonly string[]): readonly string[] {
  if (clientIds.length <= MAX_CLIENT_IDS) return clientIds
  throw limitExceeded(`Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${MAX_CLIENT_IDS}`)
}

function checkThumbprints(given: readonly string[]): readonly string[] {
  if (given.length > MAX_THUMBPRINTS)
    throw invalidInput(`Thumbprint list must contain fewer than ${MAX_THUMBPRINTS} entries.`)
  if (given.every((thumbprint) => /^[0-9a-fA-F]{40}$/.test(thumbprint))) return given
  throw invalidInput('Thumbprint must be the 40-character hex-encoded SHA-1 of a certificate.')
}

function presentTagList(provider: OidcProvider): object {
  return Object.keys(provider.tags).length === 0 ? {} : { Tags: presentTags(provider.tags) }
}

function withoutScheme(url: string): string {
  return url.replace(/^https?:\/\//i, '')
}
