import type { SamlProtocol } from '../ports/saml.ts'

/** Knows service providers by entity id and address alone; XML is the adapter's. */
export const plainSaml: Pick<SamlProtocol, 'readServiceProvider'> = {
  readServiceProvider: ({ entityId, acsUrl }) =>
    acsUrl === ''
      ? { field: 'entityDescriptor', refused: 'XML is not read here.' }
      : {
          entityId,
          assertionConsumers: [{ url: acsUrl, index: 0 }],
          nameIdFormats: [],
          signingCertificates: [],
          signsRequests: false,
          wantsSignedAssertions: true,
        },
}
