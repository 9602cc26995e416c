import type { ProblemDetails } from '@gatehouse/api'
import { IdentityCenterError } from '@gatehouse/application'
import { DomainError, explain, type Problem, shorten } from '@gatehouse/domain'
import { HTTP_STATUS } from './http-status.ts'
import { explainAws } from './refuse-denied.ts'

/** Says what stopped a request as problem details (RFC 9457). What nobody foresaw says nothing of its inside. */
export function describeProblem(error: unknown, requestId: string): ProblemDetails {
  if (error instanceof HttpProblem) return { ...fromProblem(error.problem, requestId), status: error.status }
  if (error instanceof DomainError) return fromProblem(error.problem, requestId)
  if (error instanceof IdentityCenterError)
    return fromProblem({ code: 'upstream', service: 'AWS', ...explainAws(error) }, requestId)
  const fromFastify = problemOfFastify(error)
  if (fromFastify) return describeProblem(fromFastify, requestId)
  if (error instanceof Unavailable) return plain('unavailable', error.message, error.remedy, requestId)
  if (isCutOff(error))
    return plain('unavailable', 'The server took too long or is stopping.', 'Try again in a moment.', requestId)
  return plain(
    'internal',
    'This is a fault of Gatehouse, not of your request.',
    `Tell whoever runs this server, and quote the request id ${requestId}.`,
    requestId,
  )
}

/** A problem whose status is the protocol's own rather than its code's. */
export class HttpProblem extends Error {
  readonly status: number
  readonly problem: Problem
  constructor(status: number, problem: Problem) {
    super(explain(problem).message)
    this.name = 'HttpProblem'
    this.status = status
    this.problem = problem
  }
}

/** The server is there and can't serve now. */
export class Unavailable extends Error {
  readonly remedy: string
  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Unavailable'
    this.remedy = remedy
  }
}

/** Problem codes never change, so they are also the end of the type's address. */
const typeOf = (code: string): string => `https://gatehouse.dev/problems/${code}`

const MOST_MISSING = 100

function fromProblem(problem: Problem, requestId: string): ProblemDetails {
  const { message, remedy } = explain(problem)
  return {
    ...plain(problem.code, message, remedy, requestId),
    ...('field' in problem && problem.field !== undefined ? { field: problem.field } : {}),
    ...('others' in problem && problem.others
      ? { missing: [problem.name, ...problem.others].slice(0, MOST_MISSING) }
      : {}),
    ...('line' in problem && problem.line !== undefined ? { line: problem.line } : {}),
    ...('confirm' in problem ? { confirm: problem.confirm } : {}),
    ...('retryAfterSeconds' in problem ? { retryAfterSeconds: problem.retryAfterSeconds } : {}),
  }
}

const plain = (code: keyof typeof HTTP_STATUS, detail: string, remedy: string, requestId: string): ProblemDetails => ({
  type: typeOf(code),
  title: TITLES[HTTP_STATUS[code]] ?? 'Refused',
  status: HTTP_STATUS[code],
  detail,
  code,
  remedy,
  requestId,
})

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'Not signed in',
  403: 'Refused',
  404: 'Not found',
  409: 'In conflict with what is there',
  412: 'Changed in the meantime',
  413: 'Too large',
  429: 'Too many attempts',
  500: 'Fault in Gatehouse',
  502: 'AWS did not do it',
  503: 'Not available now',
}

/** Node's and our own way of saying that a deadline passed or the server stops. */
const isCutOff = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')

/** What Fastify refuses before a handler runs (Fastify reference, "Errors"). */
function problemOfFastify(error: unknown): DomainError | HttpProblem | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error ? error.code : undefined
  const status = 'statusCode' in error ? error.statusCode : undefined
  const body = (expected: string) =>
    new DomainError({ code: 'invalid-value', field: 'body', text: shorten(error.message), expected })
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return new HttpProblem(415, {
        code: 'invalid-value',
        field: 'content-type',
        text: '…',
        expected: 'application/json in UTF-8, not compressed',
      })
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return body('a JSON object')
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return body('a body as long as Content-Length says')
    case 'FST_ERR_BAD_URL':
      return new DomainError({ code: 'invalid-value', field: 'path', text: '…', expected: 'a well-formed address' })
    default:
      return typeof status === 'number' && status >= 400 && status < 500
        ? new HttpProblem(status, {
            code: 'invalid-value',
            field: 'request',
            text: error.message,
            expected: 'a well-formed request',
          })
        : undefined
  }
}
