import { randomUUID } from 'node:crypto'
import type { Clock, SigningKeys } from '@gatehouse/application'
import { minutes, type OrganizationId } from '@gatehouse/domain'
import { decodeProtectedHeader } from 'jose'

/** Long enough for STS to fetch our keys; a stolen token is worth nothing after it. */
const TOKEN_LIFETIME = minutes(10)

export interface TokenIssuer {
  /** The token with which an organization's role is assumed. */
  issueToken(to: { audience: string; organization: OrganizationId }, signal: AbortSignal): Promise<string>
  /** The public keys as AWS fetches them. */
  keySet(signal: AbortSignal): Promise<{ readonly keys: readonly Readonly<Record<string, unknown>>[] }>
}

/** The `sub` that a role's trust policy demands: it names the organization, so that one's token opens no other's role. */
export const tokenSubject = (organization: OrganizationId): string => `system:gatehouse:${organization}`

/** Signs web-identity tokens for AWS STS. */
export function createTokenIssuer(options: { issuer: string; keys: SigningKeys; clock: Clock }): TokenIssuer {
  const { issuer, keys, clock } = options
  return {
    async issueToken({ audience, organization }, signal) {
      const now = clock.now()
      const token = await keys.sign(
        {
          iss: issuer,
          aud: audience,
          sub: tokenSubject(organization),
          iat: toSeconds(now),
          exp: toSeconds(now + TOKEN_LIFETIME),
          jti: randomUUID(),
        },
        signal,
      )
      // STS would say only that it found no key; a token that names none of ours is a fault here.
      const { alg, kid } = decodeProtectedHeader(token)
      const published = await keys.publicKeys(signal)
      if (alg !== 'RS256' || !published.some((key) => key['kid'] === kid))
        throw new Error('the signing key is not among the published keys')
      return token
    },
    async keySet(signal) {
      return { keys: (await keys.publicKeys(signal)).map(publicPart) }
    },
  }
}

/** NumericDate (RFC 7519, 2): whole seconds, which every reader takes. */
const toSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1_000)

/** Only what makes a public RSA key (RFC 7518, 6.3.1), whatever else the key carries. */
function publicPart(key: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { kty: key['kty'], kid: key['kid'], use: 'sig', alg: 'RS256', n: key['n'], e: key['e'] }
}
