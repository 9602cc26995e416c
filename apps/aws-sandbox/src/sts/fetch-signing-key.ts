import { importJWK, type CryptoKey, type JWK } from 'jose'
import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'

/** IAM User Guide, "Create an OpenID Connect (OIDC) identity provider in IAM", prerequisites: per kind of key. */
const MAX_KEYS_PER_TYPE = 100
const MAX_DOCUMENT_BYTES = 1_000_000
const DEADLINE = 5_000

/**
 * What STS wants of the discovery document: the issuer to the letter, where the keys are, and, as users found out,
 * the four lists that OpenID Connect Discovery 1.0 (3) asks for.
 */
const discoverySchema = z.object({
  issuer: z.string(),
  jwks_uri: z.url(),
  response_types_supported: z.array(z.string()).min(1),
  subject_types_supported: z.array(z.string()).min(1),
  id_token_signing_alg_values_supported: z.array(z.string()).min(1),
  claims_supported: z.array(z.string()).min(1),
})
const keySetSchema = z.object({
  keys: z
    .array(z.looseObject({ kty: z.string(), kid: z.string().exactOptional(), use: z.string().exactOptional() }))
    .min(1),
})

export interface KeyRequest {
  readonly issuer: string
  readonly kid: string | undefined
  readonly algorithm: string
  /** Also over http; real STS never does. */
  readonly allowInsecure: boolean
}

/**
 * The key with which an issuer signed, from the key set that its discovery document names. Asks the issuer every time:
 * STS keeps keys for a while, for how long is not published.
 *
 * @throws AwsError IDPCommunicationError when the issuer can't be reached, InvalidIdentityToken when it answers but
 * has no such key.
 */
export async function fetchSigningKey(request: KeyRequest): Promise<CryptoKey | Uint8Array> {
  const discoveryUrl = `${request.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const discovery = discoverySchema.safeParse(await fetchJson(discoveryUrl, request))
  if (!discovery.success || discovery.data.issuer !== request.issuer) throw noKey()

  const keySet = keySetSchema.safeParse(await fetchJson(discovery.data.jwks_uri, request))
  if (!keySet.success) throw noKey()
  const { keys } = keySet.data
  const isTooMany = ['RSA', 'EC'].some((kty) => keys.filter((key) => key.kty === kty).length > MAX_KEYS_PER_TYPE)
  if (isTooMany) throw noKey()
  const type = request.algorithm.startsWith('RS') ? 'RSA' : 'EC'
  const key = keys.find(({ kty, kid, use }) => kty === type && kid === request.kid && use !== 'enc')
  if (!key) throw noKey()
  return importKey(key, request.algorithm)
}

async function importKey(key: JWK, algorithm: string): Promise<CryptoKey | Uint8Array> {
  try {
    return await importJWK(key, algorithm)
  } catch (cause) {
    throw noKey(cause)
  }
}

async function fetchJson(url: string, { allowInsecure }: KeyRequest): Promise<unknown> {
  if (!allowInsecure && !url.startsWith('https://')) throw noKey()
  const text = await fetchText(url)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw noKey(cause)
  }
}

async function fetchText(url: string): Promise<string> {
  const response = await connect(url)
  if (response.status >= 500) throw unreachable()
  if (!response.ok) throw noKey()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > MAX_DOCUMENT_BYTES) throw noKey()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

async function connect(url: string): Promise<Response> {
  try {
    const headers = { accept: 'application/json' }
    return await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(DEADLINE) })
  } catch (cause) {
    throw unreachable(cause)
  }
}

function unreachable(cause?: unknown): AwsError {
  return new AwsError(
    'IDPCommunicationError',
    'The request could not be fulfilled because the identity provider (IDP) that was asked to verify the incoming identity token could not be reached.',
    { cause },
  )
}

function noKey(cause?: unknown): AwsError {
  return new AwsError(
    'InvalidIdentityToken',
    "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
    { cause },
  )
}
