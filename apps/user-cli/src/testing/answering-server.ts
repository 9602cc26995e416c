import { createServer, type ServerResponse } from 'node:http'
import type { Answer, GatehouseContract } from '@gatehouse/api'

/** What a server of a test says now; `silent` never answers, a number is the status of a problem. */
export interface Said {
  me: Answer<GatehouseContract['getMe']> | 'silent' | number
  resources: Answer<GatehouseContract['listResources']> | number
  applications: Answer<GatehouseContract['listApplications']> | number
}

export interface AnsweringServer extends AsyncDisposable {
  readonly url: string
  readonly said: Said
  /** Resolves when the next request has come in. */
  asked(): Promise<void>
}

/** Speaks the contract with whatever a test wants, also what no server should say. */
export async function startAnsweringServer(said: Said): Promise<AnsweringServer> {
  const waiting = new Set<() => void>()
  const server = createServer(({ url = '' }, response) => {
    for (const resolve of waiting) resolve()
    waiting.clear()
    if (url.startsWith('/v1/me')) answer(response, said.me)
    else answer(response, url.startsWith('/v1/applications') ? said.applications : said.resources)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}`,
    said,
    asked: () => new Promise((resolve) => waiting.add(resolve)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answer(response: ServerResponse, body: unknown): void {
  if (body === 'silent') return
  if (typeof body !== 'number') {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
    return
  }
  response.writeHead(body, { 'content-type': 'application/problem+json' })
  const code = body === 401 ? 'not-signed-in' : 'internal'
  response.end(
    JSON.stringify({ type: 'about:blank', title: 'No', status: body, code, remedy: 'Wait.', requestId: 'r1' }),
  )
}
