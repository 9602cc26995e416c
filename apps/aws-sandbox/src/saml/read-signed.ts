import { XMLSerializer, type Element } from '@xmldom/xmldom'
import { SignedXml } from 'xml-crypto'
import { SIGNATURE } from './names.ts'
import { childrenOf, elementsIn, isNamed, onlyChild, parseXml } from './parse-xml.ts'
import { demand, SamlRefusal } from './saml-refusal.ts'

const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
/** SHA-1 is refused: nobody should learn here that it still works. */
const SIGNATURE_METHODS = [
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
]
const DIGEST_METHODS = ['http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2001/04/xmlenc#sha512']

/**
 * An element as its signer signed it: read again from the bytes whose digest was signed, so that nothing around them counts, wherever in
 * the document it stands (XML signature wrapping).
 * @param certificates PEM; whatever key the signature brings along is not looked at
 * @throws SamlRefusal
 */
export function readSigned(xml: string, element: Element, certificates: readonly string[]): Element {
  const signature = onlyChild(element, SIGNATURE, 'Signature')
  demandPlainSignature(signature, element.getAttribute('ID') ?? '')
  const signed = certificates.map((pem) => verify(xml, signature, pem)).find((bytes) => bytes !== undefined)
  demand(signed !== undefined, `The signature of ${element.localName} was made by none of the trusted certificates.`)
  const read = parseXml(signed)
  const isSame = isNamed(read, element.namespaceURI ?? '', element.localName ?? '')
  demand(isSame && read.getAttribute('ID') === element.getAttribute('ID'), 'What was signed is another element.')
  return read
}

/** One reference to the parent, and the only algorithms that SAML needs (SAML 2.0 Core, 5.4). */
function demandPlainSignature(signature: Element, id: string) {
  const parts = elementsIn(signature).map(({ localName }) => localName)
  const isPlain = parts.every((name) => name === 'SignedInfo' || name === 'SignatureValue' || name === 'KeyInfo')
  demand(isPlain, 'The signature holds more than it needs.')
  onlyChild(signature, SIGNATURE, 'SignatureValue')
  const info = onlyChild(signature, SIGNATURE, 'SignedInfo')
  demand(algorithmOf(info, 'CanonicalizationMethod') === EXCLUSIVE, 'The signature is not canonicalized exclusively.')
  const method = algorithmOf(info, 'SignatureMethod')
  demand(SIGNATURE_METHODS.includes(method), `The signature method ${method} is not accepted.`)

  const reference = onlyChild(info, SIGNATURE, 'Reference')
  demand(
    id !== '' && reference.getAttribute('URI') === `#${id}`,
    'The signature is not about the element it stands in.',
  )
  const digest = algorithmOf(reference, 'DigestMethod')
  demand(DIGEST_METHODS.includes(digest), `The digest method ${digest} is not accepted.`)
  const transforms = childrenOf(onlyChild(reference, SIGNATURE, 'Transforms'), SIGNATURE, 'Transform')
  const names = transforms.map((transform) => transform.getAttribute('Algorithm'))
  demand(names.length === 2 && names[0] === ENVELOPED && names[1] === EXCLUSIVE, 'The signature transforms too much.')
}

function algorithmOf(parent: Element, name: string): string {
  return onlyChild(parent, SIGNATURE, name).getAttribute('Algorithm') ?? ''
}

/** @returns the canonical bytes that were signed, or `undefined` */
function verify(xml: string, signature: Element, publicCert: string): string | undefined {
  const checker = new SignedXml({ publicCert, getCertFromKeyInfo: () => null })
  try {
    checker.loadSignature(new XMLSerializer().serializeToString(signature))
    if (!checker.checkSignature(xml)) return undefined
  } catch {
    return undefined
  }
  const references = checker.getSignedReferences()
  if (references.length !== 1) throw new SamlRefusal('The signature is about more than one element.')
  return references[0]
}
