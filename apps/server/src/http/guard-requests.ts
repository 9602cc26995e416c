import { DomainError } from '@gatehouse/domain'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isLoopback } from '../config.ts'
import { HttpProblem } from './describe-problem.ts'

export interface GuardOptions {
  readonly publicAddress: string
  readonly development: boolean
  /** The session cookie's name. */
  readonly cookie: string
  /** Paths that take forms of other sites, and so never look at who is signed in. */
  readonly openToOtherSites: readonly string[]
}

/** Probes of orchestrators come by address, not by name, and learn nothing. */
const PROBES = new Set(['/healthz', '/livez', '/readyz'])
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Refuses requests for another host, and changes that another site makes with somebody's cookie. */
export function guardRequests(app: FastifyInstance, options: GuardOptions): void {
  const own = new URL(options.publicAddress)
  app.addHook('onRequest', async (request) => {
    if (!PROBES.has(request.url.split('?')[0] ?? '') && !isOwnHost(request.headers.host, own, options.development))
      throw new HttpProblem(421, {
        code: 'refused',
        message: 'This server does not answer under that name.',
        remedy: `Use ${own.origin}, or set the public address of the server to the name you use.`,
      })
    const isOpen = options.openToOtherSites.includes(request.url.split('?')[0] ?? '')
    if (!SAFE.has(request.method) && !isOpen && isCrossSite(request, own.origin, options.cookie))
      throw new DomainError({
        code: 'refused',
        message: 'The request comes from another site.',
        remedy: `Open ${own.origin} yourself and repeat it there.`,
      })
  })
}

/** In development any name of loopback will do: `localhost` for people, `127.0.0.1` for programs. */
function isOwnHost(host: string | undefined, own: URL, development: boolean): boolean {
  if (host === undefined || !URL.canParse(`${own.protocol}//${host}`)) return false
  const asked = new URL(`${own.protocol}//${host}`)
  if (asked.host === own.host) return true
  return development && isLoopback(own.hostname) && isLoopback(asked.hostname) && asked.port === own.port
}

/**
 * Browsers say where a request comes from by `Sec-Fetch-Site` and `Origin` (Fetch Metadata; Fetch standard, 3.1). With a
 * cookie one of the two must speak for us; without, as the command line calls, neither may speak against.
 */
function isCrossSite(request: FastifyRequest, ownOrigin: string, cookie: string): boolean {
  const { 'sec-fetch-site': site, origin, authorization } = request.headers
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  if (origin !== undefined && origin !== ownOrigin && !(origin === 'null' && site === 'same-origin')) return true
  const usesCookie = authorization === undefined && request.headers.cookie?.includes(`${cookie}=`) === true
  return usesCookie && site === undefined && origin === undefined
}
