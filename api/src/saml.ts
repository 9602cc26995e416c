import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { name, time } from './fields.ts'

export const samlCertificateSchema = z
  .object({
    /** SHA-256 of the certificate, in hex. */
    fingerprint: z.string(),
    /** The one that signs; the others are published beside it. */
    active: z.boolean(),
    createdAt: time,
    expiresAt: time,
    pem: z.string(),
  })
  .meta({ id: 'SamlCertificate' })
export type SamlCertificateView = z.infer<typeof samlCertificateSchema>

export const samlIdentityProviderSchema = z
  .object({
    /** Also the address of the metadata. */
    entityId: z.string(),
    ssoUrl: z.string(),
    /** What a service provider is given as a file. */
    metadata: z.string(),
    certificates: z.array(samlCertificateSchema),
  })
  .meta({ id: 'SamlIdentityProvider' })
export type SamlIdentityProviderView = z.infer<typeof samlIdentityProviderSchema>

/** The whole fingerprint, or at least eight digits of its beginning. */
const params = z.strictObject({ fingerprint: name(100) })

const getSamlIdentityProvider = endpoint('GET', '/v1/saml', {
  summary: 'What service providers are told of this identity provider.',
  auth: 'session',
  response: samlIdentityProviderSchema,
  status: 200,
})

const addSamlCertificate = endpoint('POST', '/v1/saml/certificates', {
  summary: 'Publish another certificate, which does not sign yet.',
  auth: 'rule',
  needs: { verb: 'create', kind: 'cert_authority' },
  response: samlCertificateSchema,
  status: 201,
})

const activateSamlCertificate = endpoint('POST', '/v1/saml/certificates/:fingerprint/activation', {
  summary: 'Sign with this certificate from now on; the one before stays published.',
  auth: 'rule',
  needs: { verb: 'rotate', kind: 'cert_authority' },
  params,
  status: 204,
})

const deleteSamlCertificate = endpoint('DELETE', '/v1/saml/certificates/:fingerprint', {
  summary: 'Publish a certificate no more. The one that signs is refused.',
  auth: 'rule',
  needs: { verb: 'delete', kind: 'cert_authority' },
  params,
  status: 204,
})

export const samlEndpoints = {
  getSamlIdentityProvider,
  addSamlCertificate,
  activateSamlCertificate,
  deleteSamlCertificate,
}
