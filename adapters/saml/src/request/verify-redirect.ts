import { type KeyObject, verify } from 'node:crypto'
import { DomainError } from '@gatehouse/domain'

/** What may sign a request. SHA-1 and anything with a shared key are not among it. */
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha384', 'sha384'],
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha512', 'sha512'],
])

/**
 * Checks the signature of a redirected request with the keys that the service provider's metadata names, over the query
 * as it was sent, byte for byte (SAML 2.0 Bindings, 3.4.4.1). Names count as whoever reads the query decodes them, or
 * one parameter would be checked and another read. @throws DomainError `refused`
 */
export function verifyRedirect(query: string, keys: readonly KeyObject[]): void {
  const raw = new Map<string, string>()
  for (const pair of query.split('&')) {
    const [name = ''] = new URLSearchParams(pair).keys()
    if (raw.has(name)) refuse(`${name} is there twice.`)
    raw.set(name, pair.slice(pair.indexOf('=') + 1))
  }
  const algorithm = ALGORITHMS.get(decode(raw.get('SigAlg') ?? ''))
  if (!algorithm) refuse('It is not signed by RSA with SHA-256, SHA-384 or SHA-512.')
  const signature = Buffer.from(decode(raw.get('Signature') ?? ''), 'base64')
  const signed = ['SAMLRequest', 'RelayState', 'SigAlg']
    .flatMap((name) => (raw.has(name) ? [`${name}=${raw.get(name)}`] : []))
    .join('&')
  if (!keys.some((key) => key.asymmetricKeyType === 'rsa' && verify(algorithm, Buffer.from(signed), key, signature)))
    refuse('Its signature is not by a key in the metadata of the service provider.')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return refuse('Its query is not encoded rightly.')
  }
}

function refuse(why: string): never {
  throw new DomainError({
    code: 'refused',
    message: `The signature of the SAMLRequest can not be used: ${why}`,
    remedy: 'Start again from the application, or ask an administrator to bring its metadata up to date.',
  })
}
