import { compactVerify, type CryptoKey } from 'jose'
import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'

/** What STS reads of a token. */
export interface WebIdentityToken {
  readonly algorithm: string
  readonly kid: string | undefined
  readonly issuer: string
  /** `azp` where there is one, else `aud`: what `<issuer>:aud` in a trust policy is compared with. */
  readonly audience: string
  /** `aud` when `azp` took its place. */
  readonly originalAudience: string | undefined
  readonly subject: string
  readonly methods: readonly string[]
  readonly email: string | undefined
  readonly sessionTags: Readonly<Record<string, string>>
  /** Epoch seconds. */
  readonly issuedAt: number
  readonly expiresAt: number
  readonly notBefore: number | undefined
}

/** IAM User Guide, "Create an OpenID Connect identity provider": the algorithms of tokens. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512']
/** No token is taken later than a day after it was made, however long it says it lives. */
const MAX_AGE = 24 * 3_600
/** Clocks of issuers run ahead a little. */
const ALLOWED_SKEW = 5 * 60

const headerSchema = z.object({ alg: z.enum(ALGORITHMS), kid: z.string().optional() })
const text = z.string().min(1)
const claimsSchema = z.object({
  iss: text,
  sub: text.max(255).optional(),
  aud: z
    .union([
      text,
      z
        .array(text)
        .length(1)
        .transform(([only = '']) => only),
    ])
    .optional(),
  azp: text.optional(),
  iat: z.number().optional(),
  exp: z.number().optional(),
  nbf: z.number().optional(),
  amr: z.array(z.string()).optional(),
  email: z.string().optional(),
  'https://aws.amazon.com/tags': z
    .object({ principal_tags: z.record(z.string().min(1).max(128), z.array(z.string().max(256)).length(1)).optional() })
    .optional(),
})

/** Reads a token without believing it. @throws AwsError InvalidIdentityToken */
export function parseWebIdentityToken(token: string): WebIdentityToken {
  const [header = '', payload = '', signature, ...rest] = token.split('.')
  const parsedHeader = headerSchema.safeParse(parsePart(header))
  const parsedClaims = claimsSchema.safeParse(parsePart(payload))
  if (signature === undefined || rest.length > 0 || !parsedHeader.success || !parsedClaims.success) {
    throw invalid('The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)')
  }
  const { data: claims } = parsedClaims
  const aud = demand(claims.aud, 'aud')
  const tags = Object.entries(claims['https://aws.amazon.com/tags']?.principal_tags ?? {})
  return {
    algorithm: parsedHeader.data.alg,
    kid: parsedHeader.data.kid,
    issuer: claims.iss,
    audience: claims.azp ?? aud,
    originalAudience: claims.azp === undefined ? undefined : aud,
    subject: demand(claims.sub, 'sub'),
    methods: claims.amr ?? [],
    email: claims.email,
    sessionTags: Object.fromEntries(tags.map(([key, [value = '']]) => [key, value])),
    issuedAt: demand(claims.iat, 'iat'),
    expiresAt: demand(claims.exp, 'exp'),
    notBefore: claims.nbf,
  }
}

/** @throws AwsError InvalidIdentityToken */
export async function verifyWebIdentityToken(
  token: string,
  key: CryptoKey | Uint8Array,
  algorithm: string,
): Promise<void> {
  try {
    await compactVerify(token, key, { algorithms: [algorithm] })
  } catch (cause) {
    throw invalid('The signature of the ID Token could not be verified with the keys of its issuer.', cause)
  }
}

/** @throws AwsError ExpiredTokenException or InvalidIdentityToken */
export function checkLifetime({ issuedAt, expiresAt, notBefore }: WebIdentityToken, now: number): void {
  const seconds = Math.floor(now / 1_000)
  if (seconds >= expiresAt || seconds - issuedAt > MAX_AGE) {
    const end = Math.min(expiresAt, issuedAt + MAX_AGE)
    throw new AwsError(
      'ExpiredTokenException',
      `Token expired: current date/time ${seconds} must be before the expiration date/time ${end}`,
    )
  }
  if (Math.max(issuedAt, notBefore ?? issuedAt) > seconds + ALLOWED_SKEW) {
    throw invalid('The ID Token provided is not valid yet.')
  }
}

function parsePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString())
  } catch {
    return undefined
  }
}

function demand<Value>(value: Value | undefined, claim: string): Value {
  if (value === undefined) throw invalid(`Missing a required claim: ${claim}`)
  return value
}

export function invalid(message: string, cause?: unknown): AwsError {
  return new AwsError('InvalidIdentityToken', message, { cause })
}
