import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto'
import { SignedXml } from 'xml-crypto'

/** Everything that an assertion says; what is left out is as it should be. */
export interface ResponseOptions {
  readonly nameId: string
  readonly acsUrl: string
  readonly audience: string
  readonly now: number
  readonly issuer?: string
  readonly nameIdFormat?: string
  readonly inResponseTo?: string | undefined
  readonly recipient?: string
  readonly destination?: string
  readonly assertionId?: string
  readonly notBefore?: number
  readonly notOnOrAfter?: number
  readonly sessionNotOnOrAfter?: number
  /** Markup of the AttributeStatement's attributes. */
  readonly attributes?: string
  readonly status?: string
  readonly signs?: 'assertion' | 'response' | 'both' | 'nothing'
  readonly signatureMethod?: string
  readonly digestMethod?: string
  /** Changes the message before it is signed. */
  readonly shape?: (xml: string) => string
}

export interface TestIdentityProvider {
  readonly entityId: string
  readonly signInUrl: string
  readonly certificate: string
  /** PEM, for other programs that sign. */
  readonly privateKey: string
  readonly metadata: string
  /** XML, signed. */
  respond(options: ResponseOptions): string
}

const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const EMAIL = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'
const MINUTE = 60_000

/** An identity provider that says whatever it is told, and signs it. */
export function createIdentityProvider(options: { notBefore?: Date; notAfter?: Date } = {}): TestIdentityProvider {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const notBefore = options.notBefore ?? new Date('2020-01-01T00:00:00Z')
  const notAfter = options.notAfter ?? new Date('2049-12-31T00:00:00Z')
  const certificate = formatCertificate(createCertificate({ privateKey, publicKey, notBefore, notAfter }))
  const entityId = 'https://idp.example/saml/metadata'
  const signInUrl = 'https://idp.example/saml/sso?tenant=1'
  return {
    entityId,
    signInUrl,
    certificate,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    metadata: formatMetadata({ entityId, signInUrl, certificate }),
    respond(asked) {
      const { signs = 'assertion' } = asked
      const xml = (asked.shape ?? ((text) => text))(formatResponse(entityId, asked))
      const signOne = (text: string, name: string) => signElement(text, name, { privateKey, certificate, ...asked })
      const withAssertion = signs === 'assertion' || signs === 'both' ? signOne(xml, 'Assertion') : xml
      return signs === 'response' || signs === 'both' ? signOne(withAssertion, 'Response') : withAssertion
    },
  }
}

function formatResponse(entityId: string, options: ResponseOptions): string {
  const { nameId, acsUrl, audience, now, inResponseTo } = options
  const instant = (time: number) => new Date(time).toISOString()
  const answers = inResponseTo === undefined ? '' : ` InResponseTo="${inResponseTo}"`
  const issuer = `<saml:Issuer>${options.issuer ?? entityId}</saml:Issuer>`
  const from = instant(options.notBefore ?? now - MINUTE)
  const until = instant(options.notOnOrAfter ?? now + 5 * MINUTE)
  const end =
    options.sessionNotOnOrAfter === undefined ? '' : ` SessionNotOnOrAfter="${instant(options.sessionNotOnOrAfter)}"`
  const attributes =
    options.attributes === undefined ? '' : `<saml:AttributeStatement>${options.attributes}</saml:AttributeStatement>`
  return (
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_${randomUUID()}" Version="2.0" IssueInstant="${instant(now)}" Destination="${options.destination ?? acsUrl}"${answers}>` +
    `${issuer}<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${options.status ?? 'Success'}"/></samlp:Status>` +
    `<saml:Assertion ID="${options.assertionId ?? `_${randomUUID()}`}" Version="2.0" IssueInstant="${instant(now)}">${issuer}` +
    `<saml:Subject><saml:NameID Format="${options.nameIdFormat ?? EMAIL}">${nameId}</saml:NameID>` +
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData Recipient="${options.recipient ?? acsUrl}" NotOnOrAfter="${until}"${answers}/></saml:SubjectConfirmation></saml:Subject>` +
    `<saml:Conditions NotBefore="${from}" NotOnOrAfter="${until}"><saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
    `<saml:AuthnStatement AuthnInstant="${instant(now)}"${end}><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>` +
    `${attributes}</saml:Assertion></samlp:Response>`
  )
}

function signElement(
  xml: string,
  name: string,
  options: { privateKey: KeyObject; certificate: string; signatureMethod?: string; digestMethod?: string },
): string {
  const signer = new SignedXml({
    privateKey: options.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    publicCert: options.certificate,
    signatureAlgorithm: options.signatureMethod ?? RSA_SHA256,
    canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  })
  signer.addReference({
    xpath: `//*[local-name(.)='${name}']`,
    digestAlgorithm: options.digestMethod ?? SHA256,
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
  })
  const reference = `//*[local-name(.)='${name}']/*[local-name(.)='Issuer']`
  signer.computeSignature(xml, { prefix: 'ds', location: { reference, action: 'after' } })
  return signer.getSignedXml()
}

function formatMetadata(idp: { entityId: string; signInUrl: string; certificate: string }): string {
  const inner = idp.certificate.replaceAll(/-----[^-]+-----|\s/g, '')
  return (
    `<?xml version="1.0"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${idp.entityId}">` +
    `<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">` +
    `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${inner}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>` +
    `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${idp.signInUrl}&amp;by=post"/>` +
    `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${idp.signInUrl}"/>` +
    `</md:IDPSSODescriptor></md:EntityDescriptor>`
  )
}

/** Self-signed, version 1: as little as X.509 has. */
function createCertificate(of: {
  privateKey: KeyObject
  publicKey: KeyObject
  notBefore: Date
  notAfter: Date
}): Buffer {
  const sha256WithRsa = der(0x30, der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05))
  const commonName = der(0x30, der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from('Test IdP')))
  const name = der(0x30, der(0x31, commonName))
  const time = (date: Date) => der(0x18, Buffer.from(`${date.toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`))
  const validity = der(0x30, time(of.notBefore), time(of.notAfter))
  const key = of.publicKey.export({ type: 'spki', format: 'der' })
  const serial = der(0x02, Buffer.from([1]))
  const body = der(0x30, serial, sha256WithRsa, name, validity, name, key)
  const signature = sign('sha256', body, of.privateKey)
  return der(0x30, body, sha256WithRsa, der(0x03, Buffer.concat([Buffer.from([0]), signature])))
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, Math.floor(length / 256), length % 256]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

function formatCertificate(bytes: Buffer): string {
  const lines = bytes.toString('base64').replaceAll(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}
