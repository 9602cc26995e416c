import { X509Certificate } from 'node:crypto'
import type {
  AssertionConsumer,
  GivenServiceProvider,
  ReadServiceProvider,
  ServiceProviderMetadata,
} from '@gatehouse/domain'
import { NAMESPACES } from '../xml/element.ts'
import { childOf, childrenOf, parseXml, type ReadElement, XmlRefusedError } from '../xml/parse-xml.ts'

/** How strict addresses are: http is only for trying things on one machine. */
export interface AddressRules {
  readonly allowLoopbackHttp: boolean
}

const LIMITS = { bytes: 75_000, depth: 20, allowComments: true }
const POST_BINDING = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'

/** Reads what describes one service provider: its metadata as a file or pasted, or its id and one address. */
export function readServiceProvider(given: GivenServiceProvider, rules: AddressRules): ReturnType<ReadServiceProvider> {
  if (given.entityDescriptor === '') return readPlain(given, rules)
  try {
    const metadata = toMetadata(parseXml(Buffer.from(given.entityDescriptor), LIMITS), rules)
    if (given.entityId === '' || given.entityId === metadata.entityId) return metadata
    return { field: 'entityId', refused: `it is not the entityID of the metadata, which is ${metadata.entityId}.` }
  } catch (cause) {
    if (!(cause instanceof XmlRefusedError)) throw cause
    return { field: 'entityDescriptor', refused: cause.message }
  }
}

function readPlain({ entityId, acsUrl }: GivenServiceProvider, rules: AddressRules): ReturnType<ReadServiceProvider> {
  if (!isAddress(acsUrl, rules)) return { field: 'acsUrl', refused: 'it is no https address.' }
  if (!isEntityId(entityId)) return { field: 'entityId', refused: `it is longer than ${MAX_ENTITY_ID_BYTES} bytes.` }
  return {
    entityId,
    assertionConsumers: [{ url: acsUrl, index: 0 }],
    nameIdFormats: [],
    signingCertificates: [],
    signsRequests: false,
    wantsSignedAssertions: true,
  }
}

function toMetadata(root: ReadElement, rules: AddressRules): ServiceProviderMetadata {
  const { md } = NAMESPACES
  if (root.namespace !== md || root.name !== 'EntityDescriptor') refuse('It is not one EntityDescriptor.')
  const descriptor = childOf(root, md, 'SPSSODescriptor') ?? refuse('It describes no service provider.')
  const entityId = root.attributes.get('entityID') || refuse('It has no entityID.')
  if (!isEntityId(entityId)) refuse(`Its entityID is longer than ${MAX_ENTITY_ID_BYTES} bytes.`)
  const consumers = childrenOf(descriptor, md, 'AssertionConsumerService')
    .map((consumer, position) => readConsumer(consumer, position, rules))
    .filter(({ binding }) => binding === POST_BINDING)
  if (consumers.length === 0) refuse('It has no AssertionConsumerService for HTTP-POST.')
  return {
    entityId,
    assertionConsumers: consumers.toSorted(defaultFirst).map(({ url, index: number }) => ({ url, index: number })),
    nameIdFormats: childrenOf(descriptor, md, 'NameIDFormat').map(({ text }) => text),
    signingCertificates: childrenOf(descriptor, md, 'KeyDescriptor').flatMap(readCertificates),
    signsRequests: isTrue(descriptor, 'AuthnRequestsSigned'),
    wantsSignedAssertions: isTrue(descriptor, 'WantAssertionsSigned'),
  }
}

interface ReadConsumer extends AssertionConsumer {
  readonly isDefault: boolean
  readonly binding: string | undefined
}

function readConsumer(consumer: ReadElement, position: number, rules: AddressRules): ReadConsumer {
  const url = consumer.attributes.get('Location') ?? ''
  const index = consumer.attributes.get('index') ?? String(position)
  if (!/^\d{1,5}$/.test(index)) refuse('The index of an AssertionConsumerService is no number.')
  if (!isAddress(url, rules)) refuse('The Location of an AssertionConsumerService is no https address.')
  return {
    url,
    index: Number(index),
    isDefault: isTrue(consumer, 'isDefault'),
    binding: consumer.attributes.get('Binding'),
  }
}

/** The one that says so, else the one of the lowest index (SAML 2.0 Metadata, 2.2.3). */
const defaultFirst = (a: ReadConsumer, b: ReadConsumer): number =>
  Number(b.isDefault) - Number(a.isDefault) || a.index - b.index

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

// oxlint-disable-next-line no-control-regex -- a browser would drop them and go elsewhere
const NOT_IN_ADDRESS = /[\s\u0000-\u001f\\#]/
/** What a name or number of a host is made of: the page that goes there names it in its security policy. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])$/

/** Browsers are sent there with an answer that signs somebody in. Without both slashes they would stay on our site. */
function isAddress(text: string, { allowLoopbackHttp }: AddressRules): boolean {
  if (!/^https?:\/\/[^/?]/i.test(text) || NOT_IN_ADDRESS.test(text) || !URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  const isSafe = protocol === 'https:' || (allowLoopbackHttp && LOOPBACK.has(hostname))
  return isSafe && HOST.test(hostname) && username === '' && password === ''
}

/** Longer ones are against the standard, and no index holds them (SAML 2.0 Core, 8.3.6). */
const MAX_ENTITY_ID_BYTES = 1024
const isEntityId = (text: string): boolean => Buffer.byteLength(text) <= MAX_ENTITY_ID_BYTES

/** A key without a use is for both. */
function readCertificates(descriptor: ReadElement): readonly string[] {
  const { ds } = NAMESPACES
  if (descriptor.attributes.get('use') === 'encryption') return []
  return childrenOf(descriptor, ds, 'KeyInfo')
    .flatMap((info) => childrenOf(info, ds, 'X509Data'))
    .flatMap((data) => childrenOf(data, ds, 'X509Certificate'))
    .map(({ text }) => readCertificate(text.replaceAll(/\s/g, '')))
}

function readCertificate(base64: string): string {
  try {
    const { asymmetricKeyType } = new X509Certificate(Buffer.from(base64, 'base64')).publicKey
    return asymmetricKeyType === 'rsa' ? base64 : refuse('It has a certificate whose key is not RSA.')
  } catch (cause) {
    if (cause instanceof XmlRefusedError) throw cause
    throw new XmlRefusedError('It has a certificate that can not be read.', { cause })
  }
}

const isTrue = ({ attributes }: ReadElement, name: string): boolean =>
  ['true', '1'].includes(attributes.get(name) ?? '')

function refuse(why: string): never {
  throw new XmlRefusedError(why)
}
