import { minutes } from '@gatehouse/domain'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { browse, problemOf } from '../testing/browse.ts'
import { ANA, PASSWORD, startTestServer, type TestServer } from '../testing/start-test-server.ts'

let server: TestServer
let browser: ReturnType<typeof browse>
beforeAll(async () => {
  server = await startTestServer()
  browser = browse(server)
})
afterAll(() => server[Symbol.asyncDispose]())
afterEach(() => {
  expect(server.faults).toEqual([])
})

describe('the fixed addresses', () => {
  it.each(['/healthz', '/livez', '/readyz', '/version', '/openapi.json'])(
    '%s answers without a session',
    async (path) => {
      const response = await browser.get(path)
      expect(response.status).toBe(200)
      expect(await response.json()).toBeTypeOf('object')
    },
  )
  it('publishes the issuer and keys without a private part', async () => {
    const discovery = (await (await browser.get('/.well-known/openid-configuration')).json()) as {
      issuer: string
      jwks_uri: string
    }
    expect(discovery.issuer).toBe(`http://localhost:${new URL(server.url).port}`)
    expect(discovery.jwks_uri.startsWith(discovery.issuer)).toBe(true)
    const { keys } = (await (await browser.get(new URL(discovery.jwks_uri).pathname)).json()) as { keys: object[] }
    expect(keys).toHaveLength(1)
    expect(keys[0]).not.toHaveProperty('d')
  })
  it('says whom to tell about a weakness (RFC 9116)', async () => {
    const text = await (await browser.get('/.well-known/security.txt')).text()
    expect(text).toMatch(/^Contact: mailto:\S+\nExpires: 2027-08-28T09:00:00Z\n/)
  })
})

describe('every answer', () => {
  it('carries the headers that keep a browser safe (D7: CSP, framing, referrer, sniffing, caching)', async () => {
    for (const response of [
      await browser.get('/sign-in'),
      await browser.get('/v1/me'),
      await browser.get('/nowhere'),
    ]) {
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
    expect((await browser.get('/livez', { 'x-request-id': 'trace-12345' })).headers.get('x-request-id')).toBe(
      'trace-12345',
    )
    expect((await browser.get('/livez', { 'x-request-id': 'a b"<c>' })).headers.get('x-request-id')).toMatch(
      /^[0-9a-f-]{36}$/,
    )
  })
  it('refuses another host’s name (D7: host-header poisoning)', async () => {
    expect(await browser.raw('GET /v1/me HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1.1 421 /,
    )
    expect(await browser.raw('GET /livez HTTP/1.1\r\nHost: 10.0.0.7:8080\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1.1 200 /,
    )
  })
  it('is a problem even when the request is not HTTP', async () => {
    expect(await browser.raw('NONSENSE\r\n\r\n')).toMatch(
      /^HTTP\/1.1 400 [\s\S]*application\/problem\+json[\s\S]*"remedy"/,
    )
  })
})

describe('a body', () => {
  it('larger than the limit is refused and told the limit', async () => {
    const token = (await server.client().signIn({ body: { user: ANA, password: PASSWORD } })).token
    const response = await browser.post(
      '/v1/documents',
      JSON.stringify({ text: 'x'.repeat(5_000_000), mode: 'create' }),
      {
        authorization: `Bearer ${token}`,
      },
    )
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
    ['UTF-16', new Uint8Array(Buffer.from(`{"user":"ana"}`, 'utf16le')), 400],
    ['nested as deep as fits', `{"user":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 400],
    ['nothing but nesting', '['.repeat(200_000) + ']'.repeat(200_000), 400],
  ])('that is %s is refused', async (_, body, status) => {
    const response = await browser.post('/v1/sign-in', body)
    expect(response.status).toBe(status)
    expect(await problemOf(response)).toMatchObject({ field: expect.stringMatching(/^body/) as string })
  })
  it.each([
    ['text/plain', {}],
    ['application/json; charset=utf-16', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
    ['application/x-www-form-urlencoded', {}],
  ])('of the kind %s %o is refused', async (type, headers) => {
    const response = await browser.post('/v1/sign-in', 'user=ana', { 'content-type': type, ...headers })
    expect(response.status).toBe(415)
    expect(await problemOf(response)).toMatchObject({ field: 'content-type' })
  })
  it('with an unknown key is told which one was meant', async () => {
    const response = await browser.post('/v1/sign-in', JSON.stringify({ usr: ANA, password: PASSWORD, user: ANA }))
    expect(await problemOf(response)).toMatchObject({
      status: 400,
      code: 'unknown-field',
      field: 'body.usr',
      remedy: 'Did you mean "user"?',
    })
  })
  it('never has its password quoted back', async () => {
    const response = await browser.post('/v1/sign-in', JSON.stringify({ user: ANA, password: { secret: 'hunter2' } }))
    expect(JSON.stringify(await problemOf(response))).not.toContain('hunter2')
  })
})

describe('an address', () => {
  it('that is unknown is a problem that names it', async () => {
    expect(await problemOf(await browser.get('/v1/nothing'))).toMatchObject({ status: 404, code: 'not-found' })
    expect(await problemOf(await browser.get('/healthy'))).toMatchObject({ remedy: 'Did you mean "/healthz"?' })
  })
  it('that can’t be decoded is refused', async () => {
    expect(await problemOf(await browser.get('/v1/users/%E0%A4%A'))).toMatchObject({ status: 400 })
  })
})

describe('signing in', () => {
  it('gives the command line a token', async () => {
    const me = await (await server.signIn()).getMe()
    expect(me).toMatchObject({ user: { name: ANA }, isEditor: true, cluster: 'acme.example', assumed: [] })
    expect(me.validUntil).toBe('2027-03-01T21:00:00Z')
    expect(me.rights).toMatchObject({ plugin: expect.arrayContaining(['create', 'update']) })
    expect(me.rights['event']).toEqual(expect.arrayContaining(['list', 'read']))
  })
  it('may be for a shorter time', async () => {
    const { session } = await server.client().signIn({ body: { user: ANA, password: PASSWORD, ttl: '90m' } })
    expect(session.validUntil).toBe('2027-03-01T10:30:00Z')
  })
  it('without a session or with a wrong one is asked for', async () => {
    const response = await browser.get('/v1/me')
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
  it('slows an address down that tries many names all at once', async () => {
    await using other = await startTestServer()
    const guess = (_: unknown, index: number) =>
      other
        .client()
        .signIn({ body: { user: `user-${index}`, password: 'guess' } })
        .catch((error: unknown) => (error as { status: number }).status)
    const statuses = await Promise.all(Array.from({ length: 60 }, guess))
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(20)
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(40)
  })
  it('is as easy as ever for those who sign in rightly, however many come from one address', async () => {
    await using other = await startTestServer()
    for (let i = 0; i < 25; i++) expect(await other.signIn()).toBeDefined()
  })
})

it('signs nobody in to applications where that is switched off', async () => {
  await using other = await startTestServer({ samlIdp: false })
  for (const path of ['/saml/metadata', '/saml/sso', '/saml/login/aws-identity-center'])
    expect((await fetch(other.url + path, { redirect: 'manual' })).status).toBe(404)
})
