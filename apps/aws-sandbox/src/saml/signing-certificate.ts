import { X509Certificate } from 'node:crypto'
import type { SigningCertificate } from '../world/sign-in-records.ts'
import { SamlRefusal } from './saml-refusal.ts'

/** From PEM, or from its inner text as it stands in metadata. @throws SamlRefusal */
export function parseCertificate(text: string): SigningCertificate {
  const inner = text.replaceAll(/-----(?:BEGIN|END) CERTIFICATE-----|\s/g, '')
  let certificate
  try {
    certificate = new X509Certificate(Buffer.from(inner, 'base64'))
  } catch (error) {
    throw new SamlRefusal(`This is not an X.509 certificate: ${error instanceof Error ? error.message : ''}`)
  }
  if (certificate.publicKey.asymmetricKeyType !== 'rsa') throw new SamlRefusal('The key of a certificate must be RSA.')
  return {
    id: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    pem: certificate.toString(),
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
  }
}
