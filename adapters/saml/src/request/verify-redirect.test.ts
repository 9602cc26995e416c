import { createHmac, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { anAuthnRequest, forRedirect } from '../testing/authn-requests.ts'
import { aKey } from '../testing/sign-in-scene.ts'
import { verifyRedirect } from './verify-redirect.ts'

const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
let key: KeyObject
let known: readonly KeyObject[]
let stranger: KeyObject
beforeAll(async () => {
  key = (await aKey()).privateKey
  known = [createPublicKey(key)]
  stranger = (await aKey()).privateKey
})

const unsigned = (algorithm = RSA_SHA256): string =>
  [
    `SAMLRequest=${encodeURIComponent(forRedirect(anAuthnRequest()))}`,
    `RelayState=${encodeURIComponent('a b/ü')}`,
    `SigAlg=${encodeURIComponent(algorithm)}`,
  ].join('&')
const withSignature = (query: string, signature: Buffer): string =>
  `${query}&Signature=${encodeURIComponent(signature.toString('base64'))}`
const signed = (algorithm = RSA_SHA256, hash = 'sha256', by = key): string =>
  withSignature(unsigned(algorithm), sign(hash, Buffer.from(unsigned(algorithm)), by))

describe('the signature of a redirected request', () => {
  it('is right by a key of the metadata, over the query as it was sent', () => {
    expect(() => verifyRedirect(signed(), known)).not.toThrow()
    const lower = unsigned().replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
    expect(() => verifyRedirect(withSignature(lower, sign('sha256', Buffer.from(lower), key)), known)).not.toThrow()
  })
  it('D1-22 is demanded where it is not there', () => {
    expect(() => verifyRedirect(unsigned(), known)).toThrow('signature')
    expect(() => verifyRedirect(signed(), [])).toThrow('signature')
  })
  it('D1-23 counts in the order of the standard, however the parameters come', () => {
    const parts = signed().split('&')
    expect(() => verifyRedirect(parts.toReversed().join('&'), known)).not.toThrow()
    const reordered = parts.slice(0, 3).toReversed().join('&')
    const overReordered = sign('sha256', Buffer.from(reordered), key)
    expect(() => verifyRedirect(withSignature(reordered, overReordered), known)).toThrow('signature')
  })
  it('D1-23 is refused when a parameter comes twice', () => {
    expect(() => verifyRedirect(`SAMLRequest=evil&${signed()}`, known)).toThrow('twice')
    expect(() => verifyRedirect(`${signed()}&RelayState=evil`, known)).toThrow('twice')
  })
  it('D1-23 is refused when a parameter comes in by a name that is spelled otherwise', () => {
    expect(() => verifyRedirect(`%53AMLRequest=evil&${signed()}`, known)).toThrow('twice')
    const bare = unsigned()
      .split('&')
      .filter((part) => !part.startsWith('RelayState'))
      .join('&')
    const withoutState = withSignature(bare, sign('sha256', Buffer.from(bare), key))
    expect(() => verifyRedirect(withoutState, known)).not.toThrow()
    expect(() => verifyRedirect(`${withoutState}&Relay%53tate=evil`, known)).toThrow('not by a key')
  })
  it('D1-24 is refused without its algorithm', () => {
    const stripped = signed()
      .split('&')
      .filter((part) => !part.startsWith('SigAlg'))
    expect(() => verifyRedirect(stripped.join('&'), known)).toThrow('not signed by RSA')
  })
  it('D1-25 is refused with SHA-1, or with a shared secret', () => {
    expect(() => verifyRedirect(signed('http://www.w3.org/2000/09/xmldsig#rsa-sha1', 'sha1'), known)).toThrow(
      'not signed',
    )
    const algorithm = 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256'
    const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' })
    const mac = createHmac('sha256', pem).update(unsigned(algorithm)).digest()
    expect(() => verifyRedirect(withSignature(unsigned(algorithm), mac), known)).toThrow('not signed by RSA')
  })
  it('D1-26 is refused by a key that the metadata does not name', () => {
    expect(() => verifyRedirect(signed(RSA_SHA256, 'sha256', stranger), known)).toThrow('not by a key in the metadata')
  })
  it('is refused when anything that it covers was changed', () => {
    expect(() => verifyRedirect(signed().replace('RelayState=a', 'RelayState=b'), known)).toThrow('signature')
    expect(() => verifyRedirect(signed().replace('%20', '+'), known)).toThrow('signature')
    expect(() => verifyRedirect(`${signed()}&%`, known)).not.toThrow() // what is not signed is not read either
    expect(() => verifyRedirect(signed().replace('SigAlg=', 'SigAlg=%'), known)).toThrow('encoded')
  })
})
