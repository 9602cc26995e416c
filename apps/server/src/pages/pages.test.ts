import { createPasswordLink } from '@gatehouse/application'
import { hours } from '@gatehouse/domain'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browse, cookieOf } from '../testing/browse.ts'
import { ANA, PASSWORD, startTestServer, type TestServer } from '../testing/start-test-server.ts'

let server: TestServer
let browser: ReturnType<typeof browse>
beforeAll(async () => {
  server = await startTestServer()
  browser = browse(server)
})
afterAll(async () => {
  expect(server.faults).toEqual([])
  await server[Symbol.asyncDispose]()
})

describe('an address of nothing', () => {
  it('is a page for people, with the way to one, and a problem for programs', async () => {
    const page = await browser.get('/nowhere', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' })
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
    expect(await page.text()).toContain('<a href="/">Go to the start page</a>')
    const problem = await browser.get('/nowhere', { accept: '*/*' })
    expect([problem.status, problem.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ])
  })
})

describe('the sign-in page', () => {
  it('signs in, shows who it is, and signs out', async () => {
    const response = await browser.form('/sign-in', { user: ANA, password: PASSWORD, return: '/' })
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
    expect(response.headers.get('set-cookie')).toMatch(/^gatehouse=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
    const cookie = cookieOf(response)
    expect(await (await browser.get('/', { cookie })).text()).toContain(ANA)
    expect((await browser.form('/sign-out', {}, { cookie })).headers.get('set-cookie')).toContain('Max-Age=0')
    expect((await browser.get('/', { cookie })).headers.get('location')).toBe('/sign-in')
  })
  it.each([
    ['/', '/'],
    ['/v1/me?x=1#y', '/v1/me?x=1#y'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example/', '/'],
    ['javascript:alert(1)', '/'],
    ['/\t/evil.example', '/'],
    ['/.//evil.example', '/'],
    ['/a/..//evil.example', '/'],
    ['/%2e//evil.example', '/'],
    ['/v1/me?then=//evil.example', '/v1/me?then=//evil.example'],
    ['/sign-in', '/'],
    ['evil', '/'],
  ])('goes on from %s to %s (D7: open redirect)', async (asked, gone) => {
    const response = await browser.form('/sign-in', { user: ANA, password: PASSWORD, return: asked })
    expect(response.headers.get('location')).toBe(gone)
  })
  it('keeps the name, says what is wrong, and escapes it', async () => {
    const response = await browser.form('/sign-in', { user: '"><script>alert(1)</script>', password: 'no' })
    expect(response.status).toBe(401)
    const page = await response.text()
    expect(page).not.toContain('<script>')
    expect(page).toContain('&quot;&gt;&lt;script&gt;')
    expect(page).toContain('role="alert"')
    expect(page).toMatch(/id="password"[^>]* aria-invalid="true" aria-errormessage="problem" autofocus/)
    expect(page.match(/aria-invalid/g)).toHaveLength(1)
  })
  it('does not call a password wrong that it has not looked at', async () => {
    await using guarded = await startTestServer()
    const guess = () => browse(guarded).form('/sign-in', { user: ANA, password: 'no' })
    for (let attempt = 0; attempt < 5; attempt++) expect((await guess()).status).toBe(401)
    const response = await guess()
    expect(response.status).toBe(429)
    const page = await response.text()
    expect(page).toContain('role="alert"')
    expect(page).not.toContain('aria-invalid')
  })
  it('is refused when another site sends it (D7: CSRF, login CSRF)', async () => {
    const fields = { user: ANA, password: PASSWORD }
    expect((await browser.form('/sign-in', fields, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await browser.form('/sign-in', fields, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await browser.form('/sign-in', fields, { 'sec-fetch-site': 'same-site' })).status).toBe(403)
  })
})

describe('a server on which nobody has a password', () => {
  it.each([
    [{ bootstrapAdmin: ANA }, 'printed a one-time link'],
    [{}, '--bootstrap-admin'],
  ])('says on its sign-in page how to come by the link, and gives nothing away (%o)', async (settings, words) => {
    await using fresh = await startTestServer(settings, { isFirstRun: true })
    const there = browse(fresh)
    const page = await (await there.get('/sign-in')).text()
    expect(page).toContain('Nobody has a password here yet')
    expect(page).toContain(words)
    expect(page).not.toContain('set-password/')
    expect(page).not.toContain(ANA)
  })
  it('leads from the link to signing in, and then says no more of it', async () => {
    await using fresh = await startTestServer({ bootstrapAdmin: ANA }, { isFirstRun: true })
    const there = browse(fresh)
    const { token } = await createPasswordLink(fresh.ports, { user: ANA, by: 'system' }, AbortSignal.timeout(10_000))
    const fields = { password: PASSWORD, repeated: PASSWORD }
    const done = await (await there.form(`/set-password/${token}`, fields)).text()
    expect(done).toContain('what is left to set up')
    expect(done).toContain('action="/sign-in"')
    expect(await (await there.get('/sign-in')).text()).not.toContain('Nobody has a password')
    expect(await there.signIn()).not.toBe('')
  })
})

describe('a browser’s session', () => {
  it('may change things only from our own pages (D7: CSRF on every unsafe verb)', async () => {
    const cookie = await browser.signIn()
    const change = (headers: Record<string, string>) =>
      browser.post('/v1/session/assumed', '{}', { cookie, ...headers })
    const { origin } = browser
    expect((await change({ origin, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    expect((await change({ origin })).status).toBe(200)
    expect((await change({})).status).toBe(403)
    expect((await change({ origin: 'https://evil.example' })).status).toBe(403)
    expect((await change({ origin: 'null', 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await change({ origin: `${origin}.evil.example` })).status).toBe(403)
  })
  it('is no use as a token, nor a token as a cookie', async () => {
    const cookie = await browser.signIn()
    await expect(server.client(cookie.split('=')[1]).getMe()).rejects.toMatchObject({ code: 'not-signed-in' })
    const { token } = await server.client().signIn({ body: { user: ANA, password: PASSWORD } })
    expect((await browser.get('/v1/me', { cookie: `gatehouse=${token}` })).status).toBe(401)
  })
  it('is not believed when two cookies claim to be it (D7: cookie tossing)', async () => {
    const cookie = await browser.signIn()
    expect((await browser.get('/v1/me', { cookie: `${cookie}; gatehouse=planted` })).status).toBe(401)
  })
  it('is renewed with each sign-in and the old one ends (D7: session fixation)', async () => {
    const first = await browser.signIn()
    const second = cookieOf(await browser.form('/sign-in', { user: ANA, password: PASSWORD }, { cookie: first }))
    expect(second).not.toBe(first)
    expect((await browser.get('/v1/me', { cookie: first })).status).toBe(401)
    expect((await browser.get('/v1/me', { cookie: second })).status).toBe(200)
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
    expect(await (await browser.get(link)).text()).toContain(ANA)
    const fields = { password: PASSWORD, repeated: PASSWORD }
    expect((await browser.form(link, fields)).status).toBe(200)
    await expect(client.getMe()).rejects.toMatchObject({ code: 'not-signed-in' })
    expect((await browser.form(link, fields)).status).toBe(403)
    expect((await browser.get(link)).status).toBe(403)
  })
  it('stays usable after a slip', async () => {
    const link = await newLink()
    const [short, other] = [
      await browser.form(link, { password: 'short', repeated: 'short' }),
      await browser.form(link, { password: PASSWORD, repeated: 'other' }),
    ]
    expect([short.status, other.status]).toEqual([400, 400])
    // Each marks the field that it is about.
    expect(await short.text()).toMatch(/id="password"[^>]* aria-invalid="true"/)
    expect(await other.text()).toMatch(/id="repeated"[^>]* aria-invalid="true"/)
    expect((await browser.form(link, { password: PASSWORD, repeated: PASSWORD })).status).toBe(200)
  })
  it('has ended after a day', async () => {
    await using other = await startTestServer()
    const { token } = await createPasswordLink(other.ports, { user: ANA, by: 'test' }, AbortSignal.timeout(10_000))
    other.clock.advance(hours(24))
    expect((await fetch(`${other.url}/set-password/${token}`)).status).toBe(403)
  })
})

describe('behind https', () => {
  it('the cookie is bound to the host and the browser told to stay on https (D7: __Host-, HSTS)', async () => {
    await using other = await startTestServer({ publicAddress: 'https://gatehouse.example.com', development: false })
    const headers = { host: 'gatehouse.example.com', origin: 'https://gatehouse.example.com' }
    const body = new URLSearchParams({ user: ANA, password: PASSWORD }).toString()
    const type = 'content-type: application/x-www-form-urlencoded'
    const head = `host: ${headers.host}\r\norigin: ${headers.origin}\r\n${type}\r\ncontent-length: ${body.length}`
    const answer = await browse(other).raw(`POST /sign-in HTTP/1.1\r\n${head}\r\nconnection: close\r\n\r\n${body}`)
    expect(answer).toMatch(/^HTTP\/1.1 303 /)
    expect(answer).toMatch(/set-cookie: __Host-gatehouse=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure\r\n/)
    expect(answer).toContain('strict-transport-security: max-age=31536000')
    expect((await fetch(`${other.url}/sign-in`)).status).toBe(421)
  })
})
