import type { Element } from '@xmldom/xmldom'
import { AwsError } from '../http/aws-error.ts'
import type { IdentityProvider } from '../world/sign-in-records.ts'
import { METADATA, POST_BINDING, PROTOCOL, REDIRECT_BINDING, SIGNATURE } from './names.ts'
import { childrenOf, isNamed, onlyChild, parseCommentedXml, textOf } from './parse-xml.ts'
import { demand, SamlRefusal } from './saml-refusal.ts'
import { parseCertificate } from './signing-certificate.ts'

/** IAM Identity Center User Guide, "External identity providers": characters. */
const LONGEST_METADATA = 75_000
const BINDINGS = { redirect: REDIRECT_BINDING, post: POST_BINDING } as const

/**
 * What an administrator uploads of their identity provider.
 * @param binding which of the addresses to use; redirect when there is one, unless told
 * @throws AwsError
 */
export function parseIdentityProvider(text: string, binding?: IdentityProvider['binding']): IdentityProvider {
  try {
    demand(text.length <= LONGEST_METADATA, `The metadata has more than ${LONGEST_METADATA} characters.`)
    return readProvider(parseCommentedXml(text), binding)
  } catch (error) {
    if (error instanceof SamlRefusal) throw new AwsError('InvalidMetadata', error.message)
    throw error
  }
}

function readProvider(root: Element, wanted: IdentityProvider['binding'] | undefined): IdentityProvider {
  demand(isNamed(root, METADATA, 'EntityDescriptor'), 'The metadata is not an EntityDescriptor.')
  const entityId = root.getAttribute('entityID') ?? ''
  demand(entityId !== '', 'The metadata has no entityID.')
  const descriptor = onlyChild(root, METADATA, 'IDPSSODescriptor')
  const protocols = (descriptor.getAttribute('protocolSupportEnumeration') ?? '').split(/\s+/)
  demand(protocols.includes(PROTOCOL), 'The identity provider does not speak SAML 2.0.')
  const address = readAddress(descriptor, wanted)
  return { entityId, ...address, certificates: readCertificates(descriptor) }
}

function readAddress(descriptor: Element, wanted: IdentityProvider['binding'] | undefined) {
  const services = childrenOf(descriptor, METADATA, 'SingleSignOnService')
  for (const binding of wanted === undefined ? (['redirect', 'post'] as const) : [wanted]) {
    const service = services.find((known) => known.getAttribute('Binding') === BINDINGS[binding])
    const signInUrl = service?.getAttribute('Location') ?? ''
    if (service === undefined) continue
    const isAddress = URL.canParse(signInUrl) && new URL(signInUrl).protocol.startsWith('http')
    demand(isAddress, `"${signInUrl}" is not the address of a sign-in page.`)
    return { signInUrl, binding }
  }
  throw new SamlRefusal('The metadata has no SingleSignOnService with a binding that can be used.')
}

function readCertificates(descriptor: Element) {
  const keys = childrenOf(descriptor, METADATA, 'KeyDescriptor')
  demand(
    keys.every((key) => key.getAttribute('use') !== 'encryption'),
    'The metadata has a key for encryption.',
  )
  const certificates = keys
    .flatMap((key) => [...key.getElementsByTagNameNS(SIGNATURE, 'X509Certificate')])
    .map((element) => parseCertificate(textOf(element)))
  demand(certificates.length > 0, 'The metadata has no certificate.')
  return certificates
}
