import { randomBytes } from 'node:crypto'
import type { ChangeFeed } from '@gatehouse/application'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { PagePorts } from '../pages/sign-in-page.ts'
import type { ApplicationFiles } from './application-files.ts'

/** The first part of every address that the web interface answers; its router knows the rest. */
export const APPLICATION_PATHS = [
  'account',
  'resources',
  'requests',
  'access-lists',
  'reviews',
  'roles',
  'users',
  'locks',
  'service-providers',
  'organizations',
  'drift',
  'explorer',
  'audit',
] as const

/**
 * Scripts and styles of ours only, styles that the interface makes carry the nonce of this answer, and no text becomes
 * markup: the interface's own policy `default` refuses it (W3C Trusted Types).
 */
const policyWith = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ')

const A_YEAR = 'public, max-age=31536000, immutable'
const FIVE_MINUTES = 'public, max-age=300'

/** The web interface for people who are signed in; everybody else signs in first and comes back. */
export function serveApplication(
  app: FastifyInstance,
  ports: PagePorts & { readonly changes: ChangeFeed },
  files: ApplicationFiles,
): void {
  const page = async (request: FastifyRequest, reply: FastifyReply) => {
    const found = await ports.sessions.find(request, ports.signalOf(request))
    if (!found) return reply.redirect(`/sign-in?return=${encodeURIComponent(request.url)}`, 303)
    const nonce = randomBytes(16).toString('base64')
    const since = await ports.changes.position()
    return reply
      .header('content-security-policy', policyWith(nonce))
      .type('text/html; charset=utf-8')
      .send(
        files.page
          .replace('name="style-nonce" content=""', `name="style-nonce" content="${nonce}"`)
          .replace('name="changes-since" content=""', `name="changes-since" content="${since}"`),
      )
  }
  app.get('/', page)
  for (const path of APPLICATION_PATHS) {
    app.get(`/${path}`, page)
    app.get(`/${path}/*`, page)
  }
  for (const [path, { type, content, gzipped, isImmutable }] of files.assets) {
    app.get(path, async (request, reply) => {
      reply
        .header('cache-control', isImmutable ? A_YEAR : FIVE_MINUTES)
        .header('vary', 'accept-encoding')
        .type(type)
      const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
      return takesGzip && gzipped ? reply.header('content-encoding', 'gzip').send(gzipped) : reply.send(content)
    })
  }
}
