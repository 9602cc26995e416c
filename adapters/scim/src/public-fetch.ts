import { lookup as lookUp } from 'node:dns'
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import { isAwsScimAddress } from '@gatehouse/domain'
import { isPrivateAddress } from './is-private-host.ts'
import { isLoopback } from './parse-base-url.ts'

/** What is used of `fetch` here. */
export type ScimFetch = (url: string, init: ScimInit) => Promise<Response>

interface ScimInit {
  readonly method?: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly redirect: 'manual'
  readonly signal: AbortSignal
}

/**
 * How a SCIM address is reached. AWS's own may be in a private network, by an endpoint of one's own; what somebody has
 * insisted on may be only where the configuration says so.
 */
export function fetchFor(
  baseUrl: string,
  {
    allowHttp,
    allowPrivate,
    keepAlive,
  }: { readonly allowHttp: boolean; readonly allowPrivate: boolean; readonly keepAlive?: boolean },
): ScimFetch {
  const isDevelopment = allowHttp && isLoopback(new URL(baseUrl).hostname)
  return allowPrivate || isDevelopment || isAwsScimAddress(baseUrl) ? fetch : createPublicFetch({ keepAlive })
}

interface PublicFetchOptions {
  readonly lookup?: LookupFunction
  readonly isPrivate?: (address: string) => boolean
  /** Whether a connection stays for the next request; one that is for a single request ends with it. */
  readonly keepAlive?: boolean | undefined
}

/**
 * Asks only what is outside of private networks. The address that is connected to is the one that was looked at: a name
 * that means another one a moment later leads nowhere else, which two lookups, one to check and one to connect, could not
 * say. `fetch` has no place for that.
 */
export function createPublicFetch({
  lookup = lookUp,
  isPrivate = isPrivateAddress,
  keepAlive = true,
}: PublicFetchOptions = {}): ScimFetch {
  const publicLookup: LookupFunction = (host, options, done) =>
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return done(error, [])
      const addresses = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found
      const [first] = addresses
      if (!first) return done(new Error(`"${host}" has no address`), [])
      if (addresses.some(({ address }) => isPrivate(address))) return done(refusalOf(host), [])
      return options.all ? done(null, addresses) : done(null, first.address, first.family)
    })
  const options = { keepAlive, lookup: publicLookup }
  const [http, https] = [new HttpAgent(options), new HttpsAgent(options)]

  return async (address, { method = 'GET', headers, body, signal }) => {
    const url = new URL(address)
    // No name, so nothing is looked up.
    const bare = url.hostname.replace(/^\[|\]$/g, '')
    if (isIP(bare) !== 0 && isPrivate(bare)) throw refusalOf(bare)
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const sent =
      url.protocol === 'https:'
        ? requestHttps(url, { method, headers, signal, agent: https }, resolve)
        : requestHttp(url, { method, headers, signal, agent: http }, resolve)
    sent.on('error', reject).end(body)
    return responseOf(await promise)
  }
}

const refusalOf = (host: string): Error => new Error(`"${host}" is in a private network`)

/** Those that have no body, and may be given none. */
const EMPTY: readonly number[] = [204, 205, 304]

function responseOf(message: IncomingMessage): Response {
  const { statusCode: status = 0 } = message
  const headers = new Headers()
  for (const [name, values] of Object.entries(message.headersDistinct))
    for (const value of values ?? []) headers.append(name, value)
  if (EMPTY.includes(status)) {
    message.resume()
    return new Response(null, { status, headers })
  }
  const body = Readable.toWeb(message) as ReadableStream // one class, of which two type libraries speak
  return new Response(body, { status, headers })
}
