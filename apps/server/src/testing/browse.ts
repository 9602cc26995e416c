import { connect } from 'node:net'
import { expect } from 'vitest'
import { ANA, PASSWORD, type TestServer } from './start-test-server.ts'

type Headers = Readonly<Record<string, string>>

/** Requests to a server as a browser or a program makes them, each header at will. */
export function browse({ url }: Pick<TestServer, 'url'>) {
  const origin = `http://localhost:${new URL(url).port}`
  const get = (path: string, headers: Headers = {}) => fetch(url + path, { headers, redirect: 'manual' })
  const post = (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Headers = {}) =>
    fetch(url + path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
      redirect: 'manual',
    })
  const form = (path: string, fields: Readonly<Record<string, string>>, headers: Headers = {}) =>
    post(path, new URLSearchParams(fields).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
      origin,
      ...headers,
    })
  return {
    origin,
    get,
    post,
    form,
    signIn: async () => cookieOf(await form('/sign-in', { user: ANA, password: PASSWORD })),
    /** Says it on the bare line, as a browser never would. */
    raw: (request: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(request))
        let answer = ''
        socket.on('data', (data) => (answer += data.toString()))
        socket.on('error', reject)
        socket.on('close', () => resolve(answer))
      }),
  }
}

export const cookieOf = (response: Response): string => response.headers.get('set-cookie')?.split(';')[0] ?? ''

/** The problem that an answer is, after checking what every problem has. */
export async function problemOf(response: Response): Promise<Record<string, unknown>> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  const problem = (await response.json()) as Record<string, unknown>
  expect(problem).toMatchObject({ status: response.status, requestId: response.headers.get('x-request-id') })
  for (const key of ['type', 'title', 'detail', 'code', 'remedy']) expect(problem[key]).toBeTypeOf('string')
  return problem
}
