import { minutes } from '@gatehouse/domain'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { browse } from '../testing/browse.ts'
import { ANA, PASSWORD, startTestServer, type TestServer } from '../testing/start-test-server.ts'

const NEW = 'another horse battery'
const BORIS = 'boris@acme.example'

let server: TestServer
let browser: ReturnType<typeof browse>
beforeAll(async () => {
  server = await startTestServer()
  browser = browse(server)
  await (await server.signIn()).createUser({ body: { name: BORIS, roles: ['access'] } })
  await server.givePassword(BORIS)
})
afterAll(() => server[Symbol.asyncDispose]())
afterEach(() => {
  expect(server.faults).toEqual([])
})

describe('one’s own sessions', () => {
  it('are listed, this one first, with where they came from and without anything that signs in (D7: device list)', async () => {
    const boris = await server.signIn(BORIS)
    server.clock.advance(minutes(3))
    const cookie = await signInAsBoris({ 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0' })
    const { items } = await boris.listSessions()
    expect(items.map(({ kind, isThis, address, machine }) => ({ kind, isThis, address, machine }))).toEqual([
      { kind: 'cli', isThis: true, address: '127.0.0.1' },
      { kind: 'web', isThis: false, address: '127.0.0.1', machine: 'Firefox on Linux' },
    ])
    const [own] = items
    expect(Date.parse(own?.idleUntil ?? '') - Date.parse(own?.lastSeenAt ?? '')).toBe(2 * 3_600_000)
    for (const { id } of items) {
      await expect(server.client(id).getMe()).rejects.toMatchObject({ code: 'not-signed-in' })
      expect(await server.ports.credentials.findSession(id, AbortSignal.timeout(5_000))).toBeUndefined()
    }
    await boris.endOtherSessions()
    expect((await browser.get('/v1/me', { cookie })).status).toBe(401)
  })
  it('come in pages, and without those that nobody used for too long', async () => {
    const idle = await server.signIn(BORIS)
    server.clock.advance(minutes(119))
    const boris = await server.signIn(BORIS)
    const first = await boris.listSessions({ query: { limit: 1 } })
    expect(first.items).toMatchObject([{ isThis: true }])
    const rest = await boris.listSessions({ query: { limit: 50, cursor: first.next } })
    expect(rest.items.map(({ isThis }) => isThis)).not.toContain(true)
    expect(rest.items.length).toBeGreaterThan(0)
    server.clock.advance(minutes(1))
    expect((await boris.listSessions()).items).toHaveLength(1)
    await expect(idle.getMe()).rejects.toMatchObject({ code: 'not-signed-in' })
  })
  it('end one by one, with an event that names the session and the person', async () => {
    const boris = await server.signIn(BORIS)
    await boris.endOtherSessions()
    const lost = await server.signIn(BORIS)
    const { items } = await boris.listSessions()
    const other = items.find(({ isThis }) => !isThis)
    await boris.endSession({ params: { id: other?.id ?? '' } })
    await expect(lost.getMe()).rejects.toMatchObject({ code: 'not-signed-in' })
    await expect(boris.endSession({ params: { id: other?.id ?? '' } })).rejects.toMatchObject({ status: 404 })
    const [event] = (await (await server.signIn()).listAuditEvents({ query: { event: 'user.session.end' } })).items
    expect(event).toMatchObject({ code: 'GH002I', user: BORIS, fields: { how: 'by its user', count: 1 } })
    expect(JSON.stringify(event)).toContain(other?.id)
  })
  it('are nobody else’s to end (D7: BOLA)', async () => {
    const [ana, boris] = [await server.signIn(), await server.signIn(BORIS)]
    const own = (await boris.listSessions()).items.find(({ isThis }) => isThis)
    await expect(ana.endSession({ params: { id: own?.id ?? '' } })).rejects.toMatchObject({ status: 404 })
    expect(await boris.getMe()).toBeDefined()
  })
  it('all end but the one that asks, which says how many there were (D7: revoke all)', async () => {
    const boris = await server.signIn(BORIS)
    await boris.endOtherSessions()
    const others = [await server.signIn(BORIS), await server.signIn(BORIS)]
    expect(await boris.endOtherSessions()).toEqual({ ended: 2 })
    for (const other of others) await expect(other.getMe()).rejects.toMatchObject({ code: 'not-signed-in' })
    expect(await boris.endOtherSessions()).toEqual({ ended: 0 })
  })
  it('end with signing out, which is recorded', async () => {
    const boris = await server.signIn(BORIS)
    await boris.signOut()
    const [event] = (await (await server.signIn()).listAuditEvents({ query: { event: 'user.session.end' } })).items
    expect(event).toMatchObject({ user: BORIS, fields: { how: 'signed out' } })
  })
})

describe('one’s own password', () => {
  it('is changed with the present one; this session stays and all others end', async () => {
    const [boris, other] = [await server.signIn(BORIS), await server.signIn(BORIS)]
    await boris.changePassword({ body: { current: PASSWORD, password: NEW } })
    expect((await boris.getMe()).user.name).toBe(BORIS)
    await expect(other.getMe()).rejects.toMatchObject({ code: 'not-signed-in' })
    const signIn = (password: string) => server.client().signIn({ body: { user: BORIS, password } })
    await expect(signIn(PASSWORD)).rejects.toMatchObject({ code: 'wrong-credentials' })
    expect(await signIn(NEW)).toBeDefined()
    await boris.changePassword({ body: { current: NEW, password: PASSWORD } })
    const events = await (await server.signIn()).listAuditEvents({ query: { event: 'user.password_change' } })
    expect(events.items[0]).toMatchObject({ code: 'T1005I', user: BORIS, fields: { by: 'its user' } })
  })
  it.each([
    ['a wrong present one', 'wrong', NEW, 'body.current'],
    ['a new one that is too short', PASSWORD, 'short', 'body.password'],
    ['the user name', PASSWORD, BORIS, 'body.password'],
  ])('is refused for %s, which is never quoted', async (_, current, password, field) => {
    const boris = await server.signIn(BORIS)
    const refused = await boris.changePassword({ body: { current, password } }).catch((error: unknown) => error)
    expect(refused).toMatchObject({ status: 400, details: { field } })
    expect(JSON.stringify(refused)).not.toContain(`"${password}"`)
    expect(await server.signIn(BORIS)).toBeDefined()
  })
  it('can’t be guessed from a session that was left open: it counts as sign-in does', async () => {
    await using other = await startTestServer()
    const ana = await other.signIn()
    const guess = () => ana.changePassword({ body: { current: 'guess', password: NEW } })
    for (let i = 0; i < 5; i++) await expect(guess()).rejects.toMatchObject({ status: 400 })
    await expect(guess()).rejects.toMatchObject({ status: 429, details: { retryAfterSeconds: 15 } })
    const signIn = other.client().signIn({ body: { user: ANA, password: PASSWORD } })
    await expect(signIn).rejects.toMatchObject({ status: 429 })
    other.clock.advance(minutes(1))
    const events = await (await other.signIn()).listAuditEvents({ query: { event: 'user.password_change' } })
    expect(events.items.filter(({ code }) => code === 'T1005W')).toHaveLength(5)
  })
  it('is not changed by another site (D7: CSRF on every unsafe verb)', async () => {
    const cookie = await signInAsBoris()
    const body = JSON.stringify({ current: PASSWORD, password: NEW })
    const evil = { cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    expect((await browser.post('/v1/me/password', body, evil)).status).toBe(403)
  })
})

const signInAsBoris = async (headers: Readonly<Record<string, string>> = {}): Promise<string> =>
  (await browser.form('/sign-in', { user: BORIS, password: PASSWORD }, headers)).headers
    .get('set-cookie')
    ?.split(';')[0] ?? ''
