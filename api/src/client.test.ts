import { createServer, type RequestListener } from 'node:http'
import { describe, expect, it } from 'vitest'
import { ApiProblem, ApiUnreachable, createClient } from './index.ts'

async function serving(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const page = JSON.stringify({ items: [] })
const problem = {
  type: 'about:blank',
  title: 'There is no user "ana".',
  status: 404,
  code: 'not-found',
  remedy: 'Check the name.',
  field: 'params.name',
  requestId: 'r-1',
}

describe('createClient', () => {
  it('sends parameters, query and token, and leaves out what was not given', async () => {
    const seen: string[] = []
    await using server = await serving((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.authorization}`)
      response.setHeader('content-type', 'application/json').end(page)
    })
    const client = createClient({ url: `${server.url}/`, token: 't' })
    await client.listMembers({ params: { id: 'a/b ü' as never }, query: { limit: 5, cursor: undefined } })
    expect(seen).toEqual(['GET /v1/access-lists/a%2Fb%20%C3%BC/members?limit=5 Bearer t'])
  })

  it('throws what the server said', async () => {
    await using server = await serving((_, response) => {
      response.writeHead(404, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem))
    })
    const error = await createClient({ url: server.url })
      .getUser({ params: { name: 'ana' } })
      .catch((e: unknown) => e)
    expect(error).toBeInstanceOf(ApiProblem)
    expect(error).toMatchObject({
      code: 'not-found',
      remedy: 'Check the name.',
      field: 'params.name',
      requestId: 'r-1',
    })
  })

  it('repeats a read when the line breaks', async () => {
    let calls = 0
    await using server = await serving((request, response) => {
      if (++calls < 3) request.socket.destroy()
      else response.end(page)
    })
    expect(await createClient({ url: server.url }).listUsers()).toEqual({ items: [] })
    expect(calls).toBe(3)
  })

  it('never repeats a write', async () => {
    let calls = 0
    await using server = await serving((request) => {
      calls++
      request.socket.destroy()
    })
    const client = createClient({ url: server.url })
    await expect(client.createPasswordLink({ params: { name: 'ana' } })).rejects.toMatchObject({ reason: 'connection' })
    expect(calls).toBe(1)
  })

  it('tells a server of another kind from one that refuses', async () => {
    await using server = await serving((_, response) => response.writeHead(403).end('<h1>Forbidden</h1>'))
    await expect(createClient({ url: server.url }).getMe()).rejects.toMatchObject({ reason: 'unexpected' })
  })

  it('tells an answer that it can’t read, as of another version', async () => {
    await using server = await serving((_, response) => response.end('{"user":"ana"}'))
    await expect(createClient({ url: server.url }).getMe()).rejects.toMatchObject({ reason: 'unexpected' })
  })

  it('tells a server that is too slow', async () => {
    await using server = await serving(() => {})
    const slow = createClient({ url: server.url, timeoutMs: 50 }).getMe()
    await expect(slow).rejects.toBeInstanceOf(ApiUnreachable)
    await expect(slow).rejects.toMatchObject({ reason: 'timeout' })
  })

  it('gives up at once when told to', async () => {
    await using server = await serving(() => {})
    const stop = new AbortController()
    const call = createClient({ url: server.url }).getMe({}, stop.signal)
    stop.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
  })

  it('never carries its token to where a redirection points', async () => {
    let followed = false
    await using server = await serving((request, response) => {
      if (request.url === '/elsewhere') followed = true
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    await expect(createClient({ url: server.url, token: 't' }).getMe()).rejects.toMatchObject({ reason: 'unexpected' })
    expect(followed).toBe(false)
  })

  it('never turns a name of dots into another address', async () => {
    const client = createClient({ url: 'http://127.0.0.1:9' })
    await expect(client.deleteUser({ params: { name: '..' } })).rejects.toMatchObject({ code: 'not-found' })
  })
})
