import type { OrganizationView, View } from '../desired-state/view.ts'
import type { Organization } from '../organizations/organization.ts'
import type { ServiceProvider } from './service-provider.ts'

/** How people sign in to an organization's AWS: AWS's entity ids end in the identity store (IAM Identity Center, "SAML metadata"). */
export const providerOfOrganization = (
  serviceProviders: readonly ServiceProvider[],
  organization: Pick<Organization, 'identityStoreId'>,
): ServiceProvider | undefined => serviceProviders.find((provider) => isProviderOf(provider, organization))

/** The organization into which a service provider leads; where there is just one, every AWS leads there. */
export function organizationOfProvider(provider: ServiceProvider, view: View): OrganizationView | undefined {
  if (provider.preset !== 'aws-identity-center') return undefined
  const [first, ...others] = view.byOrganization
  if (others.length === 0) return first
  return view.byOrganization.find(({ organization }) => isProviderOf(provider, organization))
}

const isProviderOf = (
  { preset, metadata }: ServiceProvider,
  { identityStoreId }: Pick<Organization, 'identityStoreId'>,
): boolean => preset === 'aws-identity-center' && metadata.entityId.split('/').at(-1) === identityStoreId
