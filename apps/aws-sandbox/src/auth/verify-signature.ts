import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { AuthorizationHeader } from './authorization-header.ts'
import { canonicalRequest } from './canonical-request.ts'
import { findHeader, type SignedRequest } from './signed-request.ts'

/** AWS takes a signature for five minutes before and after its time, by the clock on the wall. */
const ALLOWED_SKEW = 5 * 60 * 1_000

/** Everything a signature is checked against. */
export interface SignatureCheck {
  readonly authorization: AuthorizationHeader
  readonly secretAccessKey: string
  /** The signing name of the service that was called, for example `sso` for SSO Admin. */
  readonly service: string
  /** Milliseconds since 1970 by the wall clock: clients sign with it, however far the sandbox's own clock has moved. */
  readonly wallClock: number
}

/** @returns what is wrong with the signature, in AWS's words, or `undefined` when it is right. */
export function findSignatureFault(request: SignedRequest, check: SignatureCheck): string | undefined {
  const { authorization, service, wallClock } = check
  const { scope, signedHeaders } = authorization
  const dateHeader = findHeader(request, 'x-amz-date') ?? ''
  const signedAt = parseBasicDate(dateHeader)
  if (signedAt === undefined)
    return (
      "Date must be in ISO-8601 'basic format'. Got '" + dateHeader + "'. See http://en.wikipedia.org/wiki/ISO_8601"
    )
  return (
    findScopeFault(scope, service, dateHeader) ??
    findUnsignedHeader(request, signedHeaders) ??
    findSkew(signedAt, dateHeader, wallClock) ??
    findMismatch(request, check, dateHeader)
  )
}

function findScopeFault(scope: AuthorizationHeader['scope'], service: string, dateHeader: string): string | undefined {
  if (scope.service !== service) return `Credential should be scoped to correct service: '${service}'. `
  if (dateHeader.startsWith(scope.date)) return undefined
  return `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${dateHeader.slice(0, 8)}', from '${dateHeader}'.`
}

/** The host and every `x-amz-` header must be signed, or a proxy could change what is asked. */
function findUnsignedHeader(request: SignedRequest, signedHeaders: readonly string[]): string | undefined {
  const required = ['host', ...Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'))]
  const unsigned = required.find((name) => !signedHeaders.includes(name))
  return unsigned && `'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`
}

function findSkew(signedAt: number, dateHeader: string, wallClock: number): string | undefined {
  const now = formatBasicDate(wallClock)
  if (signedAt < wallClock - ALLOWED_SKEW) {
    const limit = formatBasicDate(wallClock - ALLOWED_SKEW)
    return `Signature expired: ${dateHeader} is now earlier than ${limit} (${now} - 5 min.)`
  }
  if (signedAt <= wallClock + ALLOWED_SKEW) return undefined
  const limit = formatBasicDate(wallClock + ALLOWED_SKEW)
  return `Signature not yet current: ${dateHeader} is still later than ${limit} (${now} + 5 min.)`
}

function findMismatch(request: SignedRequest, check: SignatureCheck, dateHeader: string): string | undefined {
  const { scope, signedHeaders, signature } = check.authorization
  const credentialScope = `${scope.date}/${scope.region}/${scope.service}/aws4_request`
  const hash = createHash('sha256').update(canonicalRequest(request, signedHeaders)).digest('hex')
  const stringToSign = ['AWS4-HMAC-SHA256', dateHeader, credentialScope, hash].join('\n')
  const signingKey = [scope.date, scope.region, scope.service, 'aws4_request'].reduce(
    (key: string | Buffer, part) => createHmac('sha256', key).update(part).digest(),
    `AWS4${check.secretAccessKey}`,
  )
  const expected = createHmac('sha256', signingKey).update(stringToSign).digest()
  if (timingSafeEqual(expected, Buffer.from(signature, 'hex')) && hasDeclaredBody(request)) return undefined
  return 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
}

/** A client that also declares the hash of its body must have declared the right one. */
function hasDeclaredBody(request: SignedRequest): boolean {
  const declared = findHeader(request, 'x-amz-content-sha256')
  return declared === undefined || declared === createHash('sha256').update(request.body).digest('hex')
}

function parseBasicDate(text: string): number | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? []
  if (second === undefined) return undefined
  const parsed = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(parsed) ? undefined : parsed
}

function formatBasicDate(instant: number): string {
  return new Date(instant).toISOString().replace(/[-:]|\.\d{3}/g, '')
}
