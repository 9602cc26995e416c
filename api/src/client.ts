import { type GatehouseClient, contract } from './contract.ts'
import type { Endpoint } from './endpoint.ts'
import { ApiProblem, ApiUnreachable, problemSchema } from './problem.ts'

export interface ClientOptions {
  /** The server's public address. */
  readonly url: string
  /** Of a sign-in; a function when it may change while the client lives. */
  readonly token?: string | (() => string | undefined)
  readonly fetch?: typeof fetch
  /** Ends every call of this client. */
  readonly signal?: AbortSignal
  /** For one attempt of one call. */
  readonly timeoutMs?: number
  readonly userAgent?: string
  /** Whether somebody is there; what is read while nobody is keeps no session alive. */
  readonly isAttended?: () => boolean
}

/** Set on what a program reads by itself; such a call is no use of the session. */
export const UNATTENDED_HEADER = 'x-gatehouse-unattended'

const DEFAULT_TIMEOUT_MS = 60_000
/** What a timer of Node's can count. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1
/** Attempts of what may safely be repeated. */
const ATTEMPTS = 3
const RETRIED_STATUS: readonly number[] = [502, 503, 504]

type Scalar = string | number | boolean | undefined
interface Call {
  readonly params?: Readonly<Record<string, Scalar>>
  readonly query?: Readonly<Record<string, Scalar>>
  readonly body?: unknown
}

/**
 * A typed caller of the HTTP contract. Only reads are repeated when the line breaks or the server is away for a moment.
 * @throws ApiProblem when the server refuses, ApiUnreachable when there is no answer or not one of ours.
 */
export function createClient(options: ClientOptions): GatehouseClient {
  const methods = Object.entries(contract).map(([name, endpoint]) => [
    name,
    async (call: Call = {}, signal?: AbortSignal) => send(options, endpoint, call, signal),
  ])
  // The contract's own types say what each method takes and gives; `send` has parsed the answer with its schema.
  return Object.fromEntries(methods) as GatehouseClient
}

async function send(
  options: ClientOptions,
  endpoint: Endpoint,
  call: Call,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const stop = AbortSignal.any([options.signal, signal].filter((given) => given !== undefined))
  const attempts = endpoint.method === 'GET' ? ATTEMPTS : 1
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(options, endpoint, call, stop)
    } catch (error) {
      stop.throwIfAborted()
      const mayHeal =
        error instanceof ApiProblem
          ? RETRIED_STATUS.includes(error.status)
          : error instanceof ApiUnreachable && error.reason === 'connection'
      if (!mayHeal || attempt >= attempts) throw error
      await pause(Math.random() * 250 * 2 ** attempt, stop)
    }
  }
}

async function attemptOnce(
  options: ClientOptions,
  endpoint: Endpoint,
  call: Call,
  stop: AbortSignal,
): Promise<unknown> {
  const address = addressOf(options.url, endpoint, call)
  const token = typeof options.token === 'function' ? options.token() : options.token
  const timeout = AbortSignal.timeout(Math.min(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, LONGEST_TIMEOUT_MS))
  let response: Response
  let text: string
  try {
    response = await (options.fetch ?? fetch)(address, {
      method: endpoint.method,
      headers: {
        accept: 'application/json, application/problem+json',
        ...(options.userAgent === undefined ? {} : { 'user-agent': options.userAgent }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(options.isAttended?.() === false ? { [UNATTENDED_HEADER]: '1' } : {}),
        ...(endpoint.body ? { 'content-type': 'application/json' } : {}),
      },
      ...(endpoint.body ? { body: JSON.stringify(call.body ?? {}) } : {}),
      redirect: 'manual', // a token never follows a redirection to somebody else
      signal: AbortSignal.any([stop, timeout]),
    })
    text = await response.text()
  } catch (cause) {
    stop.throwIfAborted()
    throw unreachable(options.url, timeout.aborted ? 'timeout' : 'connection', cause)
  }
  return readAnswer(endpoint, response, text, options.url)
}

function readAnswer(endpoint: Endpoint, response: Response, text: string, url: string): unknown {
  const answer = parseJson(text)
  if (response.ok) {
    if (!endpoint.response) return undefined
    const read = endpoint.response.safeParse(answer)
    if (read.success) return read.data
    throw new ApiUnreachable('unexpected', `${url} gave an answer to ${endpoint.path} that this program can't read.`, {
      remedy: 'Update this program or the server, so that both are of the same version.',
      cause: read.error,
    })
  }
  const problem = problemSchema.safeParse(answer)
  if (problem.success) throw new ApiProblem(problem.data)
  throw new ApiUnreachable('unexpected', `${url} answered ${response.status}, and not as a Gatehouse server does.`, {
    remedy: 'Check the address, and the proxies in between.',
  })
}

function unreachable(url: string, reason: 'timeout' | 'connection', cause: unknown): ApiUnreachable {
  if (reason === 'timeout')
    return new ApiUnreachable(reason, `${url} did not answer in time.`, { remedy: 'Try again in a moment.', cause })
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
  const detail = inner instanceof Error ? inner.message : String(inner)
  return new ApiUnreachable(reason, `${url} can't be reached${detail === '' ? '' : ` (${detail})`}.`, {
    remedy: 'Check the address, and whether the server runs.',
    cause,
  })
}

function addressOf(url: string, endpoint: Endpoint, call: Call): string {
  const path = endpoint.path.replaceAll(/:(\w+)/g, (_, name: string) =>
    segment(name, String(call.params?.[name] ?? '')),
  )
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(call.query ?? {})) if (value !== undefined) query.set(key, String(value))
  return `${url.replace(/\/+$/, '')}${path}${query.size > 0 ? `?${query.toString()}` : ''}`
}

/** An empty name or one of dots would make it the address of something else; nothing is ever called that. */
function segment(field: string, value: string): string {
  if (value !== '' && value !== '.' && value !== '..') return encodeURIComponent(value)
  throw new ApiProblem({
    type: 'about:blank',
    title: `There is nothing called "${value}".`,
    status: 404,
    code: 'not-found',
    remedy: 'Check the name.',
    field: `params.${field}`,
    requestId: '',
  })
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}
