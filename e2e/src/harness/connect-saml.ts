import type { GatehouseClient } from '@gatehouse/api'
import type { Sandbox } from './sandbox.ts'

export const SERVICE_PROVIDER = 'aws-identity-center'

/**
 * Makes Gatehouse the place where the organization's people sign in: each is given the other's metadata, as an
 * administrator carries them between two consoles. Safe to repeat, and needed again when an address is another one. Several organizations are service
 * providers of different names.
 */
export async function connectSaml(
  client: GatehouseClient,
  { control }: Sandbox,
  serviceProviderName = SERVICE_PROVIDER,
): Promise<string> {
  const { serviceProvider } = await control.identitySource()
  const metadata = await (await fetch(serviceProvider.metadataUrl)).text()
  const document = {
    kind: 'saml_idp_service_provider',
    version: 'v1',
    metadata: { name: serviceProviderName },
    spec: { entity_descriptor: metadata, preset: 'aws-identity-center' },
  }
  await client.applyDocuments({ body: { text: JSON.stringify(document), mode: 'replace' } })
  const provider = await client.getSamlIdentityProvider()
  await control.trustIdentityProvider(provider.metadata)
  return provider.entityId
}
