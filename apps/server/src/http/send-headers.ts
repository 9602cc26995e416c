import type { FastifyInstance } from 'fastify'

/** Nothing is loaded from elsewhere, nothing inline runs, nobody frames us. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

/** A year, as browsers' lists ask for at least. */
const STRICT_TRANSPORT = 'max-age=31536000'

/** Headers of every answer, refusals included. */
export const headersOf = (requestId: string, isHttps: boolean): Record<string, string> => ({
  'x-request-id': requestId,
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not `no-referrer`: with that a browser sends `Origin: null` even to ourselves.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  'cache-control': 'no-store',
  ...(isHttps ? { 'strict-transport-security': STRICT_TRANSPORT } : {}),
})

export function sendHeaders(app: FastifyInstance, { isHttps }: { readonly isHttps: boolean }): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headersOf(request.id, isHttps))
  })
}
