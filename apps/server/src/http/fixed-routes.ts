import { createOpenApi } from '@gatehouse/api'
import { DISCOVERY_PATH, discoveryDocument, JWKS_PATH, type TokenIssuer } from '@gatehouse/adapter-oidc'
import type { Clock } from '@gatehouse/application'
import { days, formatInstant, plus } from '@gatehouse/domain'
import type { FastifyInstance } from 'fastify'
import { STYLE } from '../pages/layout.ts'
import { Unavailable } from './describe-problem.ts'

export interface FixedPorts {
  readonly clock: Clock
  readonly tokenIssuer: Pick<TokenIssuer, 'keySet'>
  /** Resolves when requests can be served: the database is migrated and answers. */
  checkReady(signal: AbortSignal): Promise<void>
}

export interface FixedOptions {
  readonly publicAddress: string
  readonly version: string
  readonly securityContact: string
  /** The web interface has a page where people change their password. */
  readonly hasApplication: boolean
}

const READY_TIMEOUT_MS = 2_000
/** AWS reads keys again when it meets one it does not know; five minutes keep a rotation short. */
const KEYS_CACHING = 'public, max-age=300'

/** Addresses that are the same on every server of this kind. */
export function fixedRoutes(app: FastifyInstance, ports: FixedPorts, options: FixedOptions): void {
  const { publicAddress, version, securityContact, hasApplication } = options
  app.get('/livez', async () => ({ status: 'ok' }))
  app.get('/healthz', async () => ({ status: 'ok', version }))
  app.get('/readyz', async () => {
    try {
      await ports.checkReady(AbortSignal.timeout(READY_TIMEOUT_MS))
    } catch (cause) {
      throw new Unavailable(
        'The server is not ready: its database does not answer, or it is stopping.',
        'Wait a moment; if it stays so, read the server’s log.',
        { cause },
      )
    }
    return { status: 'ok' }
  })
  app.get('/version', async () => ({ version, node: process.version }))

  const openApi = JSON.stringify(createOpenApi({ publicAddress, version }))
  app.get('/openapi.json', async (_, reply) => reply.type('application/json; charset=utf-8').send(openApi))
  app.get('/page.css', async (_, reply) =>
    reply.header('cache-control', 'public, max-age=300').type('text/css; charset=utf-8').send(STYLE),
  )

  app.get('/.well-known/security.txt', async (_, reply) => {
    const expires = formatInstant(plus(ports.clock.now(), days(180)))
    const lines = [`Contact: ${securityContact}`, `Expires: ${expires}`, 'Preferred-Languages: en']
    lines.push(`Canonical: ${publicAddress}/.well-known/security.txt`)
    return reply.type('text/plain; charset=utf-8').send(`${lines.join('\n')}\n`)
  })
  app.get('/.well-known/change-password', async (_, reply) => reply.redirect(hasApplication ? '/account' : '/', 303))

  const discovery = discoveryDocument(publicAddress)
  app.get(DISCOVERY_PATH, async (_, reply) => reply.header('cache-control', KEYS_CACHING).send(discovery))
  app.get(JWKS_PATH, async (_, reply) =>
    reply
      .header('cache-control', KEYS_CACHING)
      .send(await ports.tokenIssuer.keySet(AbortSignal.timeout(READY_TIMEOUT_MS))),
  )
}
