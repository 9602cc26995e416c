import type { OrganizationView, View } from '../desired-state/view.ts'
import type { Organization } from '../organizations/organization.ts'
import type { ServiceProvider } from './service-provider.ts'

/** How people sign in to an organization's AWS: AWS's entity ids end in the identity store (IAM Identity Center, "SAML metadata"). */
export const providerOfOrganization = (
  serviceProviders: readonly ServiceProvider[],
  organization: Pick<Organization, 'identityStoreId'>,
): ServiceProvider | undefined => serviceProviders.find((provider) => isProviderOf(provider, organization))

/**
 * The organization into which a service provider leads: that of the identity store in its entity id. Where no store can be
 * read from it, it is the only organization that none leads into, if it is the only such provider.
 */
export function organizationOfProvider(provider: ServiceProvider, view: View): OrganizationView | undefined {
  if (provider.preset !== 'aws-identity-center') return undefined
  const named = view.byOrganization.find(({ organization }) => isProviderOf(provider, organization))
  if (named || namesStore(provider)) return named
  const [only, another] = view.byOrganization.filter(
    ({ organization }) => !providerOfOrganization(view.serviceProviders, organization),
  )
  const nameless = view.serviceProviders.filter((one) => one.preset === provider.preset && !namesStore(one))
  const isSingle = view.byOrganization.length === 1 || nameless.length <= 1
  return another || !isSingle ? undefined : only
}

/** Whether metadata is that of another instance. Where no store can be read from it, nothing can be said. */
export const isOfAnotherStore = (metadata: Metadata, identityStoreId: string): boolean =>
  namesStore({ metadata }) && metadata.entityId.split('/').at(-1) !== identityStoreId

type Metadata = Pick<ServiceProvider['metadata'], 'entityId'>

/** `d-0123456789`, as AWS's ids of identity stores are (IAM Identity Center API Reference, "IdentityStoreId"). */
const namesStore = ({ metadata }: { readonly metadata: Metadata }): boolean =>
  /\/d-[0-9a-f]{10}$/.test(metadata.entityId)

const isProviderOf = (
  { preset, metadata }: ServiceProvider,
  { identityStoreId }: Pick<Organization, 'identityStoreId'>,
): boolean => preset === 'aws-identity-center' && metadata.entityId.split('/').at(-1) === identityStoreId
