import { createHash, createPublicKey, generateKeyPair, randomBytes, sign } from 'node:crypto'
import { promisify } from 'node:util'
import type { MadeCertificate } from '@gatehouse/application'
import type { Instant } from '@gatehouse/domain'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  Certificate,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509'

/** What AWS takes: RSA; 2048 bits are enough for the years of a certificate (NIST SP 800-57, table 2). */
const MODULUS_BITS = 2048
/** Object identifiers: `sha256WithRSAEncryption` (RFC 4055, 5) and `commonName` (RFC 5280, appendix A). */
const SHA256_WITH_RSA = '1.2.840.113549.1.1.11'
const COMMON_NAME = '2.5.4.3'
const DER_NULL = new Uint8Array([5, 0]).buffer

/**
 * A new key with a certificate that it signs itself. Service providers keep the certificate and trust just it, so name
 * and times in it say when to replace it and nothing else.
 */
export async function makeCertificate(name: string, from: Instant, until: Instant): Promise<MadeCertificate> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_BITS })
  const algorithm = new AlgorithmIdentifier({ algorithm: SHA256_WITH_RSA, parameters: DER_NULL })
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const holder = new Name([
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({ type: COMMON_NAME, value: new AttributeValue({ utf8String: name }) }),
    ]),
  ])
  const content = new TBSCertificate({
    version: Version.v3,
    serialNumber: newSerialNumber(),
    signature: algorithm,
    issuer: holder,
    subject: holder,
    validity: new Validity({ notBefore: new Date(from), notAfter: new Date(until) }),
    subjectPublicKeyInfo: AsnConvert.parse(publicKey, SubjectPublicKeyInfo),
  })
  const signature = sign('sha256', new Uint8Array(AsnConvert.serialize(content)), privateKey)
  const certificate = new Certificate({
    tbsCertificate: content,
    signatureAlgorithm: algorithm,
    signatureValue: Uint8Array.from(signature).buffer,
  })
  const der = Buffer.from(AsnConvert.serialize(certificate))
  return {
    fingerprint: createHash('sha256').update(der).digest('hex'),
    pem: toPem(der),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }),
  }
}

/** 127 random bits: positive, and unlike any other (RFC 5280, 4.1.2.2). */
function newSerialNumber(): ArrayBuffer {
  const bytes = Uint8Array.from(randomBytes(16))
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.buffer
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
