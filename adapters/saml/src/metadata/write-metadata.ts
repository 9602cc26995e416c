import type { IdentityProviderMetadata } from '@gatehouse/application'
import { element } from '../xml/element.ts'
import { writeCanonical } from '../xml/write-canonical.ts'

const BINDINGS = ['HTTP-Redirect', 'HTTP-POST'].map((name) => `urn:oasis:names:tc:SAML:2.0:bindings:${name}`)
const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'

/** The metadata document (SAML 2.0 Metadata, 2.4.3). It does not end: whoever keeps a copy is not to lose sign-in by that. */
export function writeMetadata(metadata: IdentityProviderMetadata): string {
  const descriptor = element(
    'md:IDPSSODescriptor',
    { WantAuthnRequestsSigned: 'false', protocolSupportEnumeration: PROTOCOL },
    [
      ...metadata.certificates.map((certificate) =>
        element('md:KeyDescriptor', { use: 'signing' }, [
          element('ds:KeyInfo', {}, [element('ds:X509Data', {}, [element('ds:X509Certificate', {}, [certificate])])]),
        ]),
      ),
      ...metadata.nameIdFormats.map((format) => element('md:NameIDFormat', {}, [format])),
      ...BINDINGS.map((Binding) => element('md:SingleSignOnService', { Binding, Location: metadata.singleSignOnUrl })),
    ],
  )
  const root = element('md:EntityDescriptor', { entityID: metadata.entityId }, [descriptor])
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writeCanonical(root)}\n`
}
