import { connect } from 'node:net'
import { hours, minutes } from '@gatehouse/domain'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ANA, PASSWORD, startTestServer, type TestServer } from '../testing/start-test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())
afterEach(() => {
  expect(server.faults).toEqual([])
})

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { headers, redirect: 'manual' })
const post = (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(server.url + path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    redirect: 'manual',
  })
const form = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  post(path, new URLSearchParams(fields).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    origin: `http://localhost:${new URL(server.url).port}`,
    ...headers,
  })
const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  const problem = (await response.json()) as Record<string, unknown>
  expect(problem).toMatchObject({ status: response.status, requestId: response.headers.get('x-request-id') })
  for (const key of ['type', 'title', 'detail', 'code', 'remedy']) expect(problem[key]).toBeTypeOf('string')
  return problem
}
const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? ''
const signInPage = async () => cookieOf(await form('/sign-in', { user: ANA, password: PASSWORD }))

describe('the fixed addresses', () => {
  it.each(['/healthz', '/livez', '/readyz', '/version', '/openapi.json'])(
    '%s answers without a session',
    async (path) => {
      const response = await get(path)
      expect(response.status).toBe(200)
      expect(await response.json()).toBeTypeOf('object')
    },
  )
  it('publishes the issuer and keys without a private part', async () => {
    const discovery = (await (await get('/.well-known/openid-configuration')).json()) as {
      issuer: string
      jwks_uri: string
    }
    expect(discovery.issuer).toBe(`http://localhost:${new URL(server.url).port}`)
    expect(discovery.jwks_uri.startsWith(discovery.issuer)).toBe(true)
    const { keys } = (await (await get(new URL(discovery.jwks_uri).pathname)).json()) as { keys: object[] }
    expect(keys).toHaveLength(1)
    expect(keys[0]).not.toHaveProperty('d')
  })
  it('says whom to tell about a weakness (RFC 9116)', async () => {
    const text = await (await get('/.well-known/security.txt')).text()
    expect(text).toMatch(/^Contact: mailto:\S+\nExpires: 2027-08-28T09:00:00Z\n/)
  })
})

describe('every answer', () => {
  it('carries the headers that keep a browser safe (D7: CSP, framing, referrer, sniffing, caching)', async () => {
    for (const response of [await get('/sign-in'), await get('/v1/me'), await get('/nowhere')]) {
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-security-policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/) as string,
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cache-control': 'no-store',
      })
      expect(response.headers.get('content-security-policy')).not.toContain('unsafe')
      expect(response.headers.get('strict-transport-security')).toBeNull()
    }
  })
  it('takes over a request id that can be one, and no other', async () => {
    expect((await get('/livez', { 'x-request-id': 'trace-12345' })).headers.get('x-request-id')).toBe('trace-12345')
    expect((await get('/livez', { 'x-request-id': 'a b"<c>' })).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
  it('refuses another host’s name (D7: host-header poisoning)', async () => {
    expect(await raw('GET /v1/me HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1.1 421 /,
    )
    expect(await raw('GET /livez HTTP/1.1\r\nHost: 10.0.0.7:8080\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1.1 200 /,
    )
  })
  it('is a problem even when the request is not HTTP', async () => {
    expect(await raw('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1.1 400 [\s\S]*application\/problem\+json[\s\S]*"remedy"/)
  })
})

describe('a body', () => {
  it('larger than the limit is refused and told the limit', async () => {
    const token = (await server.client().signIn({ body: { user: ANA, password: PASSWORD } })).token
    const response = await post('/v1/documents', JSON.stringify({ text: 'x'.repeat(5_000_000), mode: 'create' }), {
      authorization: `Bearer ${token}`,
    })
    expect(response.status).toBe(413)
    expect(await problemOf(response)).toMatchObject({
      code: 'too-large',
      detail: expect.stringContaining('2 MB') as string,
    })
  })
  it.each([
    ['not JSON', '{"user":', 400],
    ['empty', '', 400],
    ['a list', '[]', 400],
    ['null', 'null', 400],
    ['a prototype', '{"__proto__":{"admin":true}}', 400],
    ['not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), 400],
    ['UTF-16', new Uint8Array(Buffer.from('{"user":"ana"}', 'utf16le')), 400],
  ])('that is %s is refused', async (_, body, status) => {
    const response = await post('/v1/sign-in', body)
    expect(response.status).toBe(status)
    expect(await problemOf(response)).toMatchObject({ field: expect.stringMatching(/^body/) as string })
  })
  it.each([
    ['text/plain', {}],
    ['application/json; charset=utf-16', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
    ['application/x-www-form-urlencoded', {}],
  ])('of the kind %s %o is refused', async (type, headers) => {
    const response = await post('/v1/sign-in', 'user=ana', { 'content-type': type, ...headers })
    expect(response.status).toBe(415)
    expect(await problemOf(response)).toMatchObject({ field: 'content-type' })
  })
  it('with an unknown key is told which one was meant', async () => {
    const response = await post('/v1/sign-in', JSON.stringify({ usr: ANA, password: PASSWORD, user: ANA }))
    expect(await problemOf(response)).toMatchObject({
      status: 400,
      code: 'unknown-field',
      field: 'body.usr',
      remedy: 'Did you mean "user"?',
    })
  })
  it('never has its password quoted back', async () => {
    const response = await post('/v1/sign-in', JSON.stringify({ user: ANA, password: { secret: 'hunter2' } }))
    expect(JSON.stringify(await problemOf(response))).not.toContain('hunter2')
  })
})

describe('an address', () => {
  it('that is unknown is a problem that names it', async () => {
    expect(await problemOf(await get('/v1/nothing'))).toMatchObject({ status: 404, code: 'not-found' })
    expect(await problemOf(await get('/healthy'))).toMatchObject({ remedy: 'Did you mean "/healthz"?' })
  })
  it('that can’t be decoded is refused', async () => {
    expect(await problemOf(await get('/v1/users/%E0%A4%A'))).toMatchObject({ status: 400 })
  })
})

describe('signing in', () => {
  it('gives the command line a token', async () => {
    const me = await (await server.signIn()).getMe()
    expect(me).toMatchObject({ user: { name: ANA }, isEditor: true, cluster: 'acme.example', assumed: [] })
    expect(me.validUntil).toBe('2027-03-01T21:00:00Z')
  })
  it('may be for a shorter time', async () => {
    const { session } = await server.client().signIn({ body: { user: ANA, password: PASSWORD, ttl: '90m' } })
    expect(session.validUntil).toBe('2027-03-01T10:30:00Z')
  })
  it('without a session or with a wrong one is asked for', async () => {
    const response = await get('/v1/me')
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/)
    expect(await problemOf(response)).toMatchObject({ status: 401, code: 'not-signed-in' })
    await expect(server.client('wrong').getMe()).rejects.toMatchObject({ code: 'not-signed-in' })
  })
  it('ends with signing out', async () => {
    const client = await server.signIn()
    await client.signOut()
    await expect(client.getMe()).rejects.toMatchObject({ code: 'not-signed-in' })
  })
  it('locks a name out that is guessed at, and says for how long', async () => {
    await using other = await startTestServer()
    const guess = () => other.client().signIn({ body: { user: ANA, password: 'guess' } })
    for (let i = 0; i < 5; i++) await expect(guess()).rejects.toMatchObject({ status: 401, code: 'wrong-credentials' })
    await expect(guess()).rejects.toMatchObject({ status: 429, details: { retryAfterSeconds: 15 } })
    other.clock.advance(minutes(1))
    expect(await other.signIn()).toBeDefined()
    const events = await (await other.signIn()).listAuditEvents({ query: { event: 'user.login' } })
    expect(events.items.filter(({ code }) => code === 'T1000W')).toHaveLength(5)
  })
  it('slows an address down that tries many names', async () => {
    await using other = await startTestServer()
    const statuses = new Set<number>()
    for (let i = 0; i < 22; i++) {
      const error = await other
        .client()
        .signIn({ body: { user: `user-${i}`, password: 'guess' } })
        .catch((e: unknown) => e)
      statuses.add((error as { status: number }).status)
    }
    expect(statuses).toEqual(new Set([401, 429]))
  })
})

describe('the sign-in page', () => {
  it('signs in, shows who it is, and signs out', async () => {
    const response = await form('/sign-in', { user: ANA, password: PASSWORD, return: '/' })
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
    expect(response.headers.get('set-cookie')).toMatch(/^gatehouse=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
    const cookie = cookieOf(response)
    expect(await (await get('/', { cookie })).text()).toContain(ANA)
    expect((await form('/sign-out', {}, { cookie })).headers.get('set-cookie')).toContain('Max-Age=0')
    expect((await get('/', { cookie })).headers.get('location')).toBe('/sign-in')
  })
  it.each([
    ['/', '/'],
    ['/v1/me?x=1#y', '/v1/me?x=1#y'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example/', '/'],
    ['javascript:alert(1)', '/'],
    ['/\t/evil.example', '/'],
    ['/sign-in', '/'],
    ['evil', '/'],
  ])('goes on from %s to %s (D7: open redirect)', async (asked, gone) => {
    const response = await form('/sign-in', { user: ANA, password: PASSWORD, return: asked })
    expect(response.headers.get('location')).toBe(gone)
  })
  it('keeps the name, says what is wrong, and escapes it', async () => {
    const response = await form('/sign-in', { user: '"><script>alert(1)</script>', password: 'no' })
    expect(response.status).toBe(401)
    const page = await response.text()
    expect(page).not.toContain('<script>')
    expect(page).toContain('&quot;&gt;&lt;script&gt;')
    expect(page).toContain('role="alert"')
  })
  it('is refused when another site sends it (D7: CSRF, login CSRF)', async () => {
    const fields = { user: ANA, password: PASSWORD }
    expect((await form('/sign-in', fields, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await form('/sign-in', fields, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await form('/sign-in', fields, { 'sec-fetch-site': 'same-site' })).status).toBe(403)
  })
})

describe('a browser’s session', () => {
  it('may change things only from our own pages (D7: CSRF on every unsafe verb)', async () => {
    const cookie = await signInPage()
    const change = (headers: Record<string, string>) => post('/v1/session/assumed', '{}', { cookie, ...headers })
    const origin = `http://localhost:${new URL(server.url).port}`
    expect((await change({ origin, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    expect((await change({ origin })).status).toBe(200)
    expect((await change({})).status).toBe(403)
    expect((await change({ origin: 'https://evil.example' })).status).toBe(403)
    expect((await change({ origin: 'null', 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await change({ origin: `${origin}.evil.example` })).status).toBe(403)
  })
  it('is no use as a token, nor a token as a cookie', async () => {
    const cookie = await signInPage()
    await expect(server.client(cookie.split('=')[1]).getMe()).rejects.toMatchObject({ code: 'not-signed-in' })
    const { token } = await server.client().signIn({ body: { user: ANA, password: PASSWORD } })
    expect((await get('/v1/me', { cookie: `gatehouse=${token}` })).status).toBe(401)
  })
  it('is not believed when two cookies claim to be it (D7: cookie tossing)', async () => {
    const cookie = await signInPage()
    expect((await get('/v1/me', { cookie: `${cookie}; gatehouse=planted` })).status).toBe(401)
  })
  it('is renewed with each sign-in and the old one ends (D7: session fixation)', async () => {
    const first = await signInPage()
    const second = cookieOf(await form('/sign-in', { user: ANA, password: PASSWORD }, { cookie: first }))
    expect(second).not.toBe(first)
    expect((await get('/v1/me', { cookie: first })).status).toBe(401)
    expect((await get('/v1/me', { cookie: second })).status).toBe(200)
  })
})

describe('the set-password page', () => {
  const newLink = async () => {
    const { token } = await (
      await import('@gatehouse/application')
    ).createPasswordLink(server.ports, { user: ANA, by: 'test' }, AbortSignal.timeout(10_000))
    return `/set-password/${token}`
  }
  it('sets a password once and signs everybody of that name out', async () => {
    const client = await server.signIn()
    const link = await newLink()
    expect(await (await get(link)).text()).toContain(ANA)
    const fields = { password: PASSWORD, repeated: PASSWORD }
    expect((await form(link, fields)).status).toBe(200)
    await expect(client.getMe()).rejects.toMatchObject({ code: 'not-signed-in' })
    expect((await form(link, fields)).status).toBe(403)
    expect((await get(link)).status).toBe(403)
  })
  it('stays usable after a slip', async () => {
    const link = await newLink()
    expect((await form(link, { password: 'short', repeated: 'short' })).status).toBe(400)
    expect((await form(link, { password: PASSWORD, repeated: 'other' })).status).toBe(400)
    expect((await form(link, { password: PASSWORD, repeated: PASSWORD })).status).toBe(200)
  })
  it('has ended after a day', async () => {
    await using other = await startTestServer()
    const { createPasswordLink } = await import('@gatehouse/application')
    const { token } = await createPasswordLink(other.ports, { user: ANA, by: 'test' }, AbortSignal.timeout(10_000))
    other.clock.advance(hours(24))
    expect((await fetch(`${other.url}/set-password/${token}`)).status).toBe(403)
  })
})

/** Says it on the bare line, as a browser never would. */
const raw = (request: string) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(request))
    let answer = ''
    socket.on('data', (data) => (answer += data.toString()))
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
  })
