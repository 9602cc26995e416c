import { deflateRawSync } from 'node:zlib'
import { ACS, SP } from './sign-in-scene.ts'

/** An AuthnRequest as text; what is given replaces an attribute, or comes inside. */
export function anAuthnRequest(
  attributes: Readonly<Record<string, string | undefined>> = {},
  inside = `<saml:Issuer>${SP}</saml:Issuer>`,
): string {
  const all = {
    ID: '_request-1',
    Version: '2.0',
    IssueInstant: '2027-03-01T09:00:00Z',
    AssertionConsumerServiceURL: ACS,
    ...attributes,
  }
  const written = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${value}"`]))
  const namespaces =
    'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
  return `<samlp:AuthnRequest ${namespaces} ${written.join(' ')}>${inside}</samlp:AuthnRequest>`
}

export const forPost = (xml: string | Uint8Array): string => Buffer.from(xml).toString('base64')
export const forRedirect = (xml: string | Uint8Array): string => deflateRawSync(Buffer.from(xml)).toString('base64')
