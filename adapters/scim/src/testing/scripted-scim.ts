import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export type Answer =
  | { readonly status: number; readonly json?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status: number; readonly text: string }
  | { readonly status: number; readonly json: unknown; readonly cutAfter: number }
  | 'reset'
  | 'silence'
  | 'endless'

export interface SeenRequest {
  /** `PATCH Groups/g1`, without the query. */
  readonly route: string
  readonly url: string
  readonly query: URLSearchParams
  readonly authorization: string | undefined
  readonly connection: string | undefined
  readonly body: Record<string, unknown>
}

/** A SCIM server on a real socket that answers as the test says; the last answer of a route repeats. */
export interface ScriptedScim extends AsyncDisposable {
  /** With the slash that the console shows. */
  readonly url: string
  readonly requests: SeenRequest[]
  on(route: string, ...answers: (Answer | ((request: SeenRequest) => Answer))[]): void
  requested(times: number): Promise<void>
}

const BASE = '/tenant/scim/v2/'

export async function startScriptedScim(): Promise<ScriptedScim> {
  const script = new Map<string, (Answer | ((request: SeenRequest) => Answer))[]>()
  const requests: SeenRequest[] = []
  const waiting = new Set<() => void>()

  const server = createServer((request, response) => {
    void answer(request, response)
  })
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = (await buffer(request)).toString()
    const url = new URL(request.url ?? '', 'http://localhost')
    const seen: SeenRequest = {
      route: `${request.method} ${url.pathname.slice(BASE.length)}`,
      url: request.url ?? '',
      query: url.searchParams,
      authorization: request.headers.authorization,
      connection: request.headers.connection,
      body: text ? JSON.parse(text) : {},
    }
    requests.push(seen)
    for (const check of waiting) check()
    const answers = script.get(seen.route) ?? script.get('*') ?? [NOT_FOUND]
    const next = (answers.length > 1 ? answers.shift() : answers[0]) ?? NOT_FOUND
    send(typeof next === 'function' ? next(seen) : next, response)
  }
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo // a TCP server
  return {
    url: `http://127.0.0.1:${port}${BASE}`,
    requests,
    on: (route, ...answers) => void script.set(route, answers),
    requested(times) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const check = (): void => {
        if (requests.length >= times) resolve()
      }
      waiting.add(check)
      check()
      return promise
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

/** The error body with the list under both spellings, as AWS sends it. */
export const scimError = (status: number, detail: string): Answer => {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error']
  return { status, json: { schema: schemas, schemas, detail, status: String(status), exceptionRequestId: 'r' } }
}
const NOT_FOUND = scimError(404, 'Resource not found.')

export const scimList = (resources: readonly unknown[], nextCursor?: string): Answer => ({
  status: 200,
  json: {
    itemsPerPage: resources.length,
    ...(nextCursor ? { nextCursor } : {}),
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    Resources: resources,
  },
})

function send(answer: Answer, response: ServerResponse): void {
  if (answer === 'silence') return
  if (answer === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  if (answer === 'endless') {
    response.writeHead(200, { 'content-type': 'application/json' })
    const chunk = Buffer.alloc(64 * 1024, 32)
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
    }
    response.on('drain', more)
    more()
    return
  }
  const text = 'text' in answer ? answer.text : answer.json === undefined ? '' : JSON.stringify(answer.json)
  if ('cutAfter' in answer) {
    response.writeHead(answer.status, { 'content-length': Buffer.byteLength(text) })
    response.write(text.slice(0, answer.cutAfter), () => response.socket?.resetAndDestroy())
    return
  }
  const headers = 'headers' in answer ? answer.headers : {}
  response.writeHead(answer.status, { 'content-type': 'application/json', ...headers })
  response.end(answer.status === 204 ? undefined : text)
}
