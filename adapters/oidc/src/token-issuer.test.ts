import type { Clock, SigningKeys } from '@gatehouse/application'
import { instant, type OrganizationId } from '@gatehouse/domain'
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { discoveryDocument } from './discovery-document.ts'
import { createTokenIssuer } from './token-issuer.ts'

const never = new AbortController().signal
const clock: Clock = { now: () => instant('2026-03-01T09:00:00.900Z'), waitUntil: () => Promise.resolve() }
const acme = 'org-1' as OrganizationId
const issuer = 'https://gatehouse.example.com'

async function someKeys(options: { publishedAs?: string } = {}): Promise<SigningKeys> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: options.publishedAs ?? 'k1', d: 'private' }
  return {
    publicKeys: () => Promise.resolve([jwk]),
    sign: (claims) => new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(privateKey),
  }
}

describe('the token issuer', () => {
  it('makes a token that a verifier with the published keys accepts for the audience and organization alone', async () => {
    const tokens = createTokenIssuer({ issuer, keys: await someKeys(), clock })
    const token = await tokens.issueToken({ audience: 'sts.example', organization: acme }, never)
    const keys = createLocalJWKSet({ keys: (await tokens.keySet(never)).keys.map((key) => ({ kty: 'RSA', ...key })) })
    const options = { issuer, audience: 'sts.example', currentDate: new Date(clock.now()) }
    const { payload } = await jwtVerify(token, keys, { ...options, subject: 'system:gatehouse:org-1' })
    expect(payload).toMatchObject({ aud: 'sts.example', iat: 1772355600, exp: 1772356200 })
    expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/)
    await expect(jwtVerify(token, keys, { ...options, audience: 'other' })).rejects.toThrow('aud')
    await expect(jwtVerify(token, keys, { ...options, currentDate: new Date(clock.now() + 600_000) })).rejects.toThrow(
      'exp',
    )
  })

  it('never makes the same token twice', async () => {
    const tokens = createTokenIssuer({ issuer, keys: await someKeys(), clock })
    const to = { audience: 'a', organization: acme }
    expect(await tokens.issueToken(to, never)).not.toBe(await tokens.issueToken(to, never))
  })

  it('publishes nothing of a key but its public half', async () => {
    const tokens = createTokenIssuer({ issuer, keys: await someKeys(), clock })
    const [key] = (await tokens.keySet(never)).keys
    expect(Object.keys(key ?? {}).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
  })

  it('refuses to hand out a token that nobody can verify', async () => {
    const tokens = createTokenIssuer({ issuer, keys: await someKeys({ publishedAs: 'k2' }), clock })
    await expect(tokens.issueToken({ audience: 'a', organization: acme }, never)).rejects.toThrow('published')
  })
})

describe('the discovery document', () => {
  it('repeats the issuer to the letter and names everything AWS wants', () => {
    expect(discoveryDocument(`${issuer}/tenant`)).toMatchObject({
      issuer: `${issuer}/tenant`,
      jwks_uri: `${issuer}/tenant/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
    })
  })
})
