import { NAME_ID_FORMATS } from '@gatehouse/domain'
import type { SamlCertificate } from '../ports/saml.ts'
import { listCertificates } from './certificates.ts'
import type { SamlAddresses, SamlPorts } from './saml-ports.ts'

export interface IdentityProvider extends SamlAddresses {
  /** The one that signs first. */
  readonly certificates: readonly SamlCertificate[]
  /** All of this as the XML that service providers read. */
  readonly metadata: string
}

/** What service providers are told of us. */
export async function readIdentityProvider(
  ports: Pick<SamlPorts, 'store' | 'records' | 'clock' | 'saml' | 'samlKeys'>,
  addresses: SamlAddresses,
  signal: AbortSignal,
): Promise<IdentityProvider> {
  const certificates = await listCertificates(ports, signal)
  const metadata = ports.saml.writeMetadata({
    ...addresses,
    certificates: certificates.map(({ pem }) => derOf(pem)),
    nameIdFormats: NAME_ID_FORMATS,
  })
  return { ...addresses, certificates, metadata }
}

/** A certificate as XML wants it: DER in base64, without line breaks. */
const derOf = (pem: string): string => pem.replaceAll(/-----[^-]+-----|\s/g, '')
