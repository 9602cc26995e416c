import { createHash, sign } from 'node:crypto'
import type { SamlKey } from '@gatehouse/application'
import { element, type WrittenXml, type XmlElement } from '../xml/element.ts'
import { writeCanonical } from '../xml/write-canonical.ts'

const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'

/**
 * Signs an element that has an `ID` and begins with its `saml:Issuer`: the signature comes right after it, where the
 * schemas of SAML want it (SAML 2.0 Core, 5.4). @throws IllegalTextError
 */
export function signElement(unsigned: XmlElement, key: SamlKey): WrittenXml {
  const id = unsigned.attributes['ID']
  const [issuer, ...rest] = unsigned.children
  if (id === undefined || issuer === undefined) throw new Error('only an element with an ID and an issuer is signed')
  const digest = createHash('sha256').update(writeCanonical(unsigned)).digest('base64')
  const signedInfo = element('ds:SignedInfo', {}, [
    element('ds:CanonicalizationMethod', { Algorithm: EXCLUSIVE }),
    element('ds:SignatureMethod', { Algorithm: RSA_SHA256 }),
    element('ds:Reference', { URI: `#${id}` }, [
      element('ds:Transforms', {}, [
        element('ds:Transform', { Algorithm: ENVELOPED }),
        element('ds:Transform', { Algorithm: EXCLUSIVE }),
      ]),
      element('ds:DigestMethod', { Algorithm: SHA256 }),
      element('ds:DigestValue', {}, [digest]),
    ]),
  ])
  const value = sign('sha256', Buffer.from(writeCanonical(signedInfo)), key.privateKey).toString('base64')
  const signature = element('ds:Signature', {}, [
    signedInfo,
    element('ds:SignatureValue', {}, [value]),
    element('ds:KeyInfo', {}, [element('ds:X509Data', {}, [element('ds:X509Certificate', {}, [key.certificate])])]),
  ])
  return { canonical: writeCanonical({ ...unsigned, children: [issuer, signature, ...rest] }) }
}
