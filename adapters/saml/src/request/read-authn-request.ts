import { inflateRawSync } from 'node:zlib'
import { type AuthnRequest, CONTEXT_COMPARISONS, DomainError, type Instant, parseInstant } from '@gatehouse/domain'
import { NAMESPACES } from '../xml/element.ts'
import { childOf, childrenOf, parseXml, type ReadElement, XmlRefusedError } from '../xml/parse-xml.ts'

const MAX_ENCODED_CHARACTERS = 20_000
/** Twice what any has; parsing takes time by the square of it, and anybody may ask for it. */
const LIMITS = { bytes: 16_000, depth: 12, allowComments: false }
const POST_BINDING = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'

/** From the `SAMLRequest` of a query: compressed and in base64 (SAML 2.0 Bindings, 3.4.4.1). @throws DomainError `refused` */
export function readRedirectRequest(encoded: string): AuthnRequest {
  const compressed = decodeBase64(encoded)
  try {
    return readRequest(inflateRawSync(compressed, { maxOutputLength: LIMITS.bytes }))
  } catch (cause) {
    if (cause instanceof DomainError) throw cause
    return refuse('It can’t be decompressed, or is too large.', cause)
  }
}

/** From the `SAMLRequest` field of a form: in base64 alone (SAML 2.0 Bindings, 3.5.4). @throws DomainError `refused` */
export const readPostRequest = (encoded: string): AuthnRequest => readRequest(decodeBase64(encoded))

function decodeBase64(encoded: string): Buffer {
  if (encoded === '') refuse('It is missing.')
  if (encoded.length > MAX_ENCODED_CHARACTERS) refuse(`It is longer than ${MAX_ENCODED_CHARACTERS} characters.`)
  const compact = encoded.replaceAll(/[\r\n]/g, '')
  if (compact === '' || compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) refuse('It is not base64.')
  return Buffer.from(compact, 'base64')
}

function readRequest(bytes: Buffer): AuthnRequest {
  try {
    return toRequest(parseXml(bytes, LIMITS))
  } catch (cause) {
    if (cause instanceof XmlRefusedError) refuse(cause.message, cause)
    throw cause
  }
}

function toRequest(root: ReadElement): AuthnRequest {
  const { saml, samlp } = NAMESPACES
  if (root.namespace !== samlp || root.name !== 'AuthnRequest') refuse('It is no AuthnRequest.')
  if (root.attributes.get('Version') !== '2.0') refuse('Its Version is not 2.0.')
  const issuer = childOf(root, saml, 'Issuer')
  const issuedAt = root.attributes.get('IssueInstant') ?? ''
  const binding = root.attributes.get('ProtocolBinding')
  if (binding !== undefined && binding !== POST_BINDING) refuse('It asks for another binding than HTTP-POST.')
  const subject = childOf(root, saml, 'Subject')
  const context = childOf(root, samlp, 'RequestedAuthnContext')
  return {
    id: readId(root),
    issuer: issuer?.text || refuse('It has no Issuer.'),
    issuedAt: readInstant(issuedAt),
    ...given('destination', root.attributes.get('Destination')),
    ...given('assertionConsumerUrl', root.attributes.get('AssertionConsumerServiceURL')),
    ...given('assertionConsumerIndex', readIndex(root.attributes.get('AssertionConsumerServiceIndex'))),
    ...given('nameIdFormat', childOf(root, samlp, 'NameIDPolicy')?.attributes.get('Format')),
    forceAuthn: readFlag(root, 'ForceAuthn'),
    isPassive: readFlag(root, 'IsPassive'),
    contextClasses: context ? readContext(context) : [],
    ...given('contextComparison', context && readComparison(context)),
    ...given('subject', subject && (childOf(subject, saml, 'NameID')?.text ?? '')),
  }
}

/** A name in XML without a colon, as it will stand in our answer. */
function readId(root: ReadElement): string {
  const id = root.attributes.get('ID') ?? ''
  return /^[A-Za-z_][\w.-]{0,199}$/.test(id) ? id : refuse('Its ID is missing, too long or no XML name.')
}

function readInstant(text: string): Instant {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(text)) refuse('Its IssueInstant is no time in UTC.')
  try {
    return parseInstant(text)
  } catch {
    return refuse('Its IssueInstant is no time.')
  }
}

function readIndex(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  return /^\d{1,5}$/.test(text) ? Number(text) : refuse('Its AssertionConsumerServiceIndex is no number.')
}

/** Declarations are asked for like classes; none of them is one that we can meet. */
const readContext = (context: ReadElement): readonly string[] =>
  ['AuthnContextClassRef', 'AuthnContextDeclRef']
    .flatMap((name) => childrenOf(context, NAMESPACES.saml, name))
    .map(({ text }) => text)

function readComparison(context: ReadElement): NonNullable<AuthnRequest['contextComparison']> {
  const text = context.attributes.get('Comparison') ?? 'exact'
  return CONTEXT_COMPARISONS.find((one) => one === text) ?? refuse('Its Comparison is none of SAML’s.')
}

/** `xs:boolean`: true and false have two spellings each. */
function readFlag(root: ReadElement, name: string): boolean {
  const text = root.attributes.get(name) ?? 'false'
  if (!['true', '1', 'false', '0'].includes(text)) refuse(`Its ${name} is neither true nor false.`)
  return text === 'true' || text === '1'
}

const given = <Name extends string, Value>(name: Name, value: Value | undefined): { readonly [N in Name]?: Value } =>
  (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: Value } // the key is the name

function refuse(why: string, cause?: unknown): never {
  throw new DomainError(
    {
      code: 'refused',
      message: `The SAMLRequest can not be used: ${why}`,
      remedy: 'Start again from the application.',
    },
    { cause },
  )
}
