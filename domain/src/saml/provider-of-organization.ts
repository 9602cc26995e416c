import type { Organization } from '../organizations/organization.ts'
import type { ServiceProvider } from './service-provider.ts'

/** How people sign in to an organization's AWS: AWS's entity ids end in the identity store (IAM Identity Center, "SAML metadata"). */
export const providerOfOrganization = (
  serviceProviders: readonly ServiceProvider[],
  { identityStoreId }: Pick<Organization, 'identityStoreId'>,
): ServiceProvider | undefined =>
  serviceProviders.find(
    ({ preset, metadata }) =>
      preset === 'aws-identity-center' && metadata.entityId.split('/').at(-1) === identityStoreId,
  )
