import { DomainError } from '@gatehouse/domain'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpProblem } from './describe-problem.ts'

/** Bytes that are not UTF-8 are refused: what is guessed could be read differently by the next reader. */
const decoder = new TextDecoder('utf-8', { fatal: true })
const UTF_8 = /^utf-?8$/i
/** The largest is a service provider's request with its relay state. */
const FORM_LIMIT = 64 * 1024

/** JSON and forms, in UTF-8 and not compressed; everything else is a 415. */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      const text = decode(request, body)
      // Fastify's own parser also refuses `__proto__` and `constructor.prototype`.
      void parseJson(request, text, (error, value) => (error ? done(notJson(error)) : done(null, value)))
    } catch (error) {
      done(asError(error))
    }
  })
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer', bodyLimit: FORM_LIMIT },
    (request, body, done) => {
      try {
        if (request.url.startsWith('/v1/')) throw unsupported('application/json')
        done(null, new URLSearchParams(decode(request, body)))
      } catch (error) {
        done(asError(error))
      }
    },
  )
}

function decode(request: FastifyRequest, body: string | Buffer): string {
  const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1]
  if (charset !== undefined && !UTF_8.test(charset)) throw unsupported('text in UTF-8')
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') throw unsupported('a body that is not compressed')
  try {
    return typeof body === 'string' ? body : decoder.decode(body)
  } catch {
    throw new DomainError({ code: 'invalid-value', field: 'body', text: '…', expected: 'text in UTF-8' })
  }
}

const unsupported = (expected: string): HttpProblem =>
  new HttpProblem(415, { code: 'invalid-value', field: 'content-type', text: '…', expected })

const notJson = (error: Error): Error =>
  'code' in error && error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY'
    ? error
    : new DomainError({ code: 'invalid-value', field: 'body', text: error.message, expected: 'a JSON object' })

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
