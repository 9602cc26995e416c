import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** What the server does with one call. */
export type Answer =
  | { readonly json: unknown; readonly status?: number; readonly date?: Date }
  | { readonly text: string; readonly status?: number; readonly type?: string }
  /** The socket is cut after so many bytes of the answer; none at all cuts it before. */
  | { readonly json: unknown; readonly cutAfter: number }
  | 'reset'
  | 'silence'

export interface SeenCall {
  readonly operation: string
  readonly input: Record<string, unknown>
  readonly authorization: string
}

/** A server on a real socket that answers each operation as the test says; the last answer repeats. */
export interface ScriptedAws extends AsyncDisposable {
  readonly url: string
  readonly calls: SeenCall[]
  on(operation: string, ...answers: (Answer | ((call: SeenCall) => Answer))[]): void
  /** Resolves when the operation has been called so many times. */
  called(operation: string, times: number): Promise<void>
}

export async function startScriptedAws(): Promise<ScriptedAws> {
  const script = new Map<string, (Answer | ((call: SeenCall) => Answer))[]>()
  const calls: SeenCall[] = []
  const waiting = new Set<() => void>()

  const server = createServer((request, response) => {
    void answer(request, response)
  })
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = parseCall(request, (await buffer(request)).toString())
    calls.push(call)
    for (const check of waiting) check()
    const answers = script.get(call.operation) ?? [UNKNOWN_OPERATION]
    const next = (answers.length > 1 ? answers.shift() : answers[0]) ?? UNKNOWN_OPERATION
    send(typeof next === 'function' ? next(call) : next, response)
  }
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo // a TCP server
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    on: (operation, ...answers) => void script.set(operation, answers),
    called(operation, times) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const check = (): void => {
        if (calls.filter((call) => call.operation === operation).length >= times) resolve()
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

export const fault = (name: string, message: string, status = 400): Answer => ({
  status,
  json: { __type: `com.amazonaws#${name}`, message },
})

const UNKNOWN_OPERATION = fault('UnknownOperationException', 'no such operation')

function parseCall(request: IncomingMessage, body: string): SeenCall {
  const target = request.headers['x-amz-target']
  const authorization = request.headers.authorization ?? ''
  if (typeof target === 'string')
    return { operation: target.split('.')[1] ?? '', input: JSON.parse(body || '{}'), authorization }
  const form = new URLSearchParams(body)
  return { operation: form.get('Action') ?? '', input: Object.fromEntries(form), authorization }
}

function send(answer: Answer, response: ServerResponse): void {
  if (answer === 'silence') return
  if (answer === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  const text = 'text' in answer ? answer.text : JSON.stringify(answer.json)
  const type = 'text' in answer ? (answer.type ?? 'text/html') : 'application/x-amz-json-1.1'
  if ('cutAfter' in answer) {
    response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(text) })
    response.write(text.slice(0, answer.cutAfter), () => response.socket?.resetAndDestroy())
    return
  }
  if ('date' in answer && answer.date) response.setHeader('date', answer.date.toUTCString())
  response.writeHead(answer.status ?? 200, { 'content-type': type }).end(text)
}

/** STS's answer in its own XML. */
export const stsCredentials = (operation: string, key: string, expiration: Date): Answer => ({
  type: 'text/xml',
  text: `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result><Credentials>
    <AccessKeyId>${key}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session-${key}</SessionToken>
    <Expiration>${expiration.toISOString()}</Expiration></Credentials></${operation}Result>
    <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${operation}Response>`,
})

export const stsFault = (code: string, message: string, status = 400): Answer => ({
  status,
  type: 'text/xml',
  text: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
})
