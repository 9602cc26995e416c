import type { Log } from '@gatehouse/application'
import { DomainError, shorten, suggest } from '@gatehouse/domain'
import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { html } from '../pages/html.ts'
import { sendPage } from '../pages/layout.ts'
import { describeProblem, HttpProblem } from './describe-problem.ts'
import { type GuardOptions, guardRequests } from './guard-requests.ts'
import { readBodies } from './read-bodies.ts'
import { headersOf, sendHeaders } from './send-headers.ts'

export interface AppOptions extends GuardOptions {
  readonly trustedProxies: readonly string[]
  readonly log: Log
}

const BODY_LIMIT = 1024 * 1024
/** The schemas say how long names may be; this only has to be more, so that the answer names the field. */
const MAX_PARAMETER_LENGTH = 8192
/** A caller that sends headers or body more slowly than this is not waited for. */
const REQUEST_TIMEOUT_MS = 60_000
const REQUEST_ID = /^[\w.:-]{8,64}$/

/** The HTTP server without any route: what is refused, logged and answered in the same way everywhere. */
export function createApp(options: AppOptions): FastifyInstance {
  const { log } = options
  const isHttps = options.publicAddress.startsWith('https:')
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    genReqId: ({ headers }) => {
      const given = headers['x-request-id']
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
    },
    frameworkErrors: (error, request, reply: FastifyReply) => {
      const details = describeProblem(error, request.id)
      reply.headers(headersOf(request.id, isHttps)) // no hook has run yet
      void reply.code(details.status).type('application/problem+json').send(JSON.stringify(details))
    },
    clientErrorHandler: refuseSocket,
  })
  sendHeaders(app, { isHttps })
  guardRequests(app, options)
  readBodies(app)

  app.setErrorHandler((error, request, reply) => {
    const details = describeProblem(withLimit(error, request.routeOptions.bodyLimit), request.id)
    if (details.code === 'internal')
      log.error('request failed', { requestId: request.id, route: routeOf(request), error })
    if (details.retryAfterSeconds !== undefined) reply.header('retry-after', details.retryAfterSeconds)
    if (details.status === 401) reply.header('www-authenticate', 'Bearer realm="gatehouse"')
    return reply.code(details.status).type('application/problem+json').send(JSON.stringify(details))
  })
  app.setNotFoundHandler((request, reply) => {
    if (isForPerson(request)) return sendNothingHere(reply)
    const [path = ''] = request.url.split('?')
    const suggestion = suggest(path, PATHS)
    throw new DomainError({
      code: 'not-found',
      kind: 'address',
      name: `${request.method} ${shorten(path)}`,
      ...(suggestion === undefined ? {} : { suggestion }),
    })
  })
  app.addHook('onResponse', async (request, reply) => {
    // The pattern, never the address itself: a one-time link is a secret in an address.
    const { statusCode: status } = reply
    const values = {
      method: request.method,
      route: routeOf(request),
      status,
      ms: Math.round(reply.elapsedTime),
      requestId: request.id,
    }
    if (request.method !== 'GET' || status >= 500) log.info('request', values)
  })
  return app
}

/** Somebody follows a link, or has typed the address: he is not to read what programs read. */
const isForPerson = ({ method, headers }: FastifyRequest): boolean =>
  method === 'GET' && /\btext\/html\b/.test(headers.accept ?? '')

const sendNothingHere = (reply: FastifyReply): FastifyReply =>
  sendPage(reply, {
    title: 'There is nothing at this address',
    status: 404,
    body: html`<p>It may have been removed, or the address is not spelled right.</p>
      <p><a href="/">Go to the start page</a></p>`,
  })

const PATHS = ['/sign-in', '/openapi.json', '/healthz', '/livez', '/readyz', '/version', '/v1/me']

const routeOf = (request: { readonly routeOptions: { readonly url?: string | undefined } }): string =>
  request.routeOptions.url ?? 'unknown'

/** Fastify says that a body is too large; we say how large it may be. */
function withLimit(error: unknown, limit: number | undefined): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') return error
  const bytes = limit ?? BODY_LIMIT
  const text = bytes >= 1024 * 1024 ? `${bytes / 1024 / 1024} MB` : `${Math.floor(bytes / 1024)} kB`
  return new DomainError({ code: 'too-large', what: 'The body of the request', limit: text })
}

/** What is not even HTTP gets the same form of answer; there is no request yet to hang it on. */
function refuseSocket(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const problem = {
    code: 'invalid-value',
    field: 'request',
    text: '…',
    expected: 'a well-formed HTTP request',
  } as const
  const body = JSON.stringify(describeProblem(new HttpProblem(status, problem), randomUUID()))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
