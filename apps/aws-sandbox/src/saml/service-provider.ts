import { xml } from '../pages/html.ts'
import type { World } from '../world/world.ts'
import { EMAIL_ADDRESS, METADATA, POST_BINDING, PROTOCOL } from './names.ts'

export const ACS_PATH = '/platform/saml/acs'
export const METADATA_PATH = '/platform/saml/metadata'

/** Who Identity Center is to an identity provider: AWS's own name, and addresses that a browser reaches here. */
export function describeServiceProvider(world: World) {
  const { region, identityStoreId, identitySource, startUrl } = world.home()
  return {
    entityId: `https://${region}.signin.aws.amazon.com/platform/saml/${identityStoreId}`,
    acsUrl: `${world.publicUrl()}${ACS_PATH}/${identitySource.acsId}`,
    metadataUrl: `${world.publicUrl()}${METADATA_PATH}`,
    /** Where sign-in starts, as AWS would have it and as browsers find it. */
    startUrl,
    portalUrl: `${world.publicUrl()}/start`,
  }
}

export function formatMetadata(world: World): string {
  const { entityId, acsUrl } = describeServiceProvider(world)
  const { markup } = xml`<?xml version="1.0" encoding="UTF-8"?>
    <md:EntityDescriptor xmlns:md="${METADATA}" entityID="${entityId}">
      <md:SPSSODescriptor
        AuthnRequestsSigned="false"
        WantAssertionsSigned="true"
        protocolSupportEnumeration="${PROTOCOL}"
      >
        <md:NameIDFormat>${EMAIL_ADDRESS}</md:NameIDFormat>
        <md:AssertionConsumerService Binding="${POST_BINDING}" Location="${acsUrl}" index="0" isDefault="true" />
      </md:SPSSODescriptor>
    </md:EntityDescriptor> `
  return markup
}
