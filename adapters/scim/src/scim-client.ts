import {
  type CallOptions,
  type Gate,
  IdentityCenterError,
  type IdentityCenterFailure,
  withDeadline,
} from '@gatehouse/application'
import { parseErrorDetail } from './scim-resources.ts'
import type { ScimFetch } from './public-fetch.ts'
import { readBody } from './read-body.ts'

export interface ScimRequest {
  /** The operation's name in AWS's guide, for messages. */
  readonly operation: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the base address, without a slash in front. */
  readonly path: string
  readonly body?: Readonly<Record<string, unknown>>
}

/**
 * One request, repeated where the answer says that it may succeed later. All requests of ours may be repeated: a POST
 * that had an effect is refused the second time, and the caller then looks whose object it is.
 * @throws IdentityCenterError, or the signal's reason once aborted
 */
export type SendScim = (request: ScimRequest, call: CallOptions) => Promise<unknown>

/** Waits, or rejects with the signal's reason. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>

const REQUEST_TIMEOUT = 20_000
const ATTEMPTS = 5
const FIRST_PAUSE = 200
const LONGEST_PAUSE = 5_000
/** What a server may make us wait by its Retry-After. */
const LONGEST_RETRY_AFTER = 30_000

export function createSendScim(options: {
  baseUrl: string
  token: () => Promise<string>
  gate: Gate
  fetch: ScimFetch
  pause: Pause
}): SendScim {
  return async (request, call) => {
    for (let attempt = 1; ; attempt += 1) {
      await options.gate.take('scim', call)
      const reply = await sendOnce(options, request, call.signal)
      options.gate.report('scim', reply.failure === 'throttled' ? 'throttled' : 'ok')
      if (reply.failure === undefined) return reply.body
      if ((reply.failure !== 'throttled' && reply.failure !== 'unavailable') || attempt >= ATTEMPTS)
        throw new IdentityCenterError(reply.failure, request.operation, `${request.operation}: ${reply.message}`)
      await options.pause(Math.max(reply.retryAfter, backoff(attempt)), call.signal)
    }
  }
}

/** What a header can carry after "Bearer " (RFC 9110, 11.2, is narrower still). */
const SENDABLE = /^[\x21-\x7e]+$/

/** Full jitter: callers that were refused together don't come back together. */
const backoff = (attempt: number): number => Math.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt)

type Reply =
  | { readonly failure: undefined; readonly body: unknown }
  | { readonly failure: IdentityCenterFailure; readonly message: string; readonly retryAfter: number }

async function sendOnce(
  options: { baseUrl: string; token: () => Promise<string>; fetch: ScimFetch },
  request: ScimRequest,
  signal: AbortSignal,
): Promise<Reply> {
  const token = await options.token()
  // `fetch` would quote the token in its refusal.
  if (!SENDABLE.test(token))
    return { failure: 'access-denied', message: 'the SCIM token holds characters that no token has', retryAfter: 0 }
  try {
    return await withDeadline(signal, REQUEST_TIMEOUT, async (deadline) => {
      const response = await options.fetch(`${options.baseUrl}/${request.path}`, {
        method: request.method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/scim+json, application/json',
          ...(request.body ? { 'content-type': 'application/scim+json' } : {}),
        },
        ...(request.body ? { body: JSON.stringify(request.body) } : {}),
        // The token is for this address alone.
        redirect: 'manual',
        signal: deadline,
      })
      return await toReply(response)
    })
  } catch (error) {
    signal.throwIfAborted()
    return { failure: 'unavailable', message: describe(error), retryAfter: 0 }
  }
}

async function toReply(response: Response): Promise<Reply> {
  const text = await readBody(response)
  if (response.ok) {
    const body = response.status === 204 || text.trim() === '' ? undefined : parseJson(text)
    if (body instanceof SyntaxError)
      return { failure: 'unavailable', message: 'the answer can not be read', retryAfter: 0 }
    return { failure: undefined, body }
  }
  const detail = parseErrorDetail(parseJson(text))
  const message = `${response.status}${detail ? ` ${detail}` : ''}`
  return { failure: failureOf(response.status), message, retryAfter: parseRetryAfter(response) }
}

function failureOf(status: number): IdentityCenterFailure {
  switch (status) {
    case 401: // also for a wrong tenant (SCIM Implementation Developer Guide, "UnauthorizedException")
    case 403:
      return 'access-denied'
    case 404:
      return 'not-found'
    case 409:
      return 'name-taken'
    case 429:
      return 'throttled'
    default:
      return status >= 400 && status < 500 ? 'invalid' : 'unavailable'
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    return error instanceof SyntaxError ? error : new SyntaxError('not JSON')
  }
}

/** Seconds or a date (RFC 9110, 10.2.3), in milliseconds. */
function parseRetryAfter(response: Response): number {
  const text = response.headers.get('retry-after')
  if (!text) return 0
  const wait = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now()
  return Number.isNaN(wait) ? 0 : Math.min(LONGEST_RETRY_AFTER, Math.max(0, wait))
}

/** `fetch` hides what happened in the cause. Neither holds the token: it is in no address and no message. */
function describe(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error && cause.message ? cause.message.slice(0, 300) : 'no answer'
}
