import { DomainError, organizationOfProvider, type ServiceProvider, type View } from '@gatehouse/domain'
import { readView } from '../governance/read-view.ts'
import { denialOf, denyTo, recordingRefusals, type SamlAnswer, signInTo, type Somebody } from './answer.ts'
import type { SamlAddresses, SamlPorts } from './saml-ports.ts'

export interface StartSignInCommand {
  /** Name of the service provider. */
  readonly name: string
  readonly somebody: Somebody
  /** Where in AWS the user wants to go: straight into an account with a permission set. */
  readonly deepLink?: DeepLink
}

export interface DeepLink {
  readonly account: string
  readonly permissionSet: string
}

/**
 * Signs somebody in to an application without being asked by it. Whoever may not learns why, and nothing of where a deep
 * link could lead. @throws DomainError `not-found`, `refused`
 */
export async function startSamlSignIn(
  ports: SamlPorts,
  { name, somebody, deepLink }: StartSignInCommand,
  addresses: SamlAddresses,
  signal: AbortSignal,
): Promise<SamlAnswer> {
  const reading = await readView(ports, signal)
  const provider = reading.view.serviceProviders.find((one) => one.name === name)
  const consumer = provider?.metadata.assertionConsumers[0]
  if (!provider || !consumer) throw new DomainError({ code: 'not-found', kind: 'application', name })
  const place = { provider, assertionConsumerUrl: consumer.url }
  const { answer, event } = await recordingRefusals(
    ports,
    { place, user: somebody.user, now: reading.now },
    async () => {
      const denial = denialOf(somebody, provider, reading)
      if (denial) return denyTo(place, somebody.user, reading, denial)
      const relayState = relayStateOf(provider, deepLink, reading.view)
      const placed = relayState === '' ? place : { ...place, relayState }
      return signInTo(ports, placed, somebody, reading, addresses, signal)
    },
    signal,
  )
  await ports.store.commit({ events: [event] }, signal)
  return answer
}

/**
 * A deep link leads into the portal of the organization, never anywhere that a caller names (IAM Identity Center User
 * Guide, "Creating shortcut links").
 */
function relayStateOf(provider: ServiceProvider, deepLink: DeepLink | undefined, view: View): string {
  if (!deepLink) return provider.relayState
  const { organization, catalogue } = organizationOfProvider(provider, view) ?? {}
  const account = [...(catalogue?.accounts.values() ?? [])].find(({ id }) => id === deepLink.account)
  const set = [...(catalogue?.permissionSets.values() ?? [])].find((one) => one.name === deepLink.permissionSet)
  if (!organization || !account || !set)
    throw new DomainError({
      code: 'not-found',
      kind: 'account and permission set',
      name: `${deepLink.account}/${deepLink.permissionSet}`,
    })
  const query = new URLSearchParams({ account_id: account.id, role_name: set.name })
  const portal = organization.startUrl.replace(/[/#]+$/, '')
  return `${portal}/#/console?${query.toString()}`
}
