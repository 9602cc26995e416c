import { minutes, seconds } from '@gatehouse/domain'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browse } from '../testing/browse.ts'
import { ANA, PASSWORD, startTestServer, type TestServer } from '../testing/start-test-server.ts'

const MACHINE = 'laptop <i>of</i> mallory'

let server: TestServer
let browser: ReturnType<typeof browse>
let cookie: string
beforeAll(async () => {
  server = await startTestServer()
  browser = browse(server)
  cookie = await browser.signIn()
})
afterAll(async () => {
  expect(server.faults).toEqual([])
  await server[Symbol.asyncDispose]()
})

const ask = () => server.client().askForDeviceCode({ body: { machine: MACHINE } })
const redeem = (deviceCode: string) => server.client().redeemDeviceCode({ body: { deviceCode } })
const submit = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  browser.form('verdict' in fields ? '/device/decision' : '/device', fields, { cookie, ...headers })

describe('the page that signs a command line in', () => {
  it('asks for the code, shows what would be signed in, and signs it in with a token like any other', async () => {
    const { deviceCode, userCode, verificationAddress, expiresInSeconds, intervalSeconds } = await ask()
    expect([expiresInSeconds, intervalSeconds]).toEqual([600, 5])
    expect(userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
    expect(verificationAddress).toBe(`${browser.origin}/device`)
    expect(await redeem(deviceCode)).toEqual({ state: 'pending', intervalSeconds: 5 })
    expect(await (await browser.get('/device', { cookie })).text()).toContain(ANA)
    const question = await (await submit({ code: userCode.toLowerCase() })).text()
    for (const shown of [userCode, '<bdi>laptop &lt;i&gt;of', '127.0.0.1', '2027-03-01 09:00:00 UTC', ANA])
      expect(question).toContain(shown)
    expect(await (await submit({ code: userCode, verdict: 'confirm' })).text()).toContain('is signed in')
    server.clock.advance(seconds(5))
    const granted = await redeem(deviceCode)
    if (granted.state !== 'granted') throw new Error(granted.state)
    const client = server.client(granted.token)
    expect((await client.getMe()).user.name).toBe(ANA)
    expect((await client.listSessions()).items[0]).toMatchObject({ kind: 'cli', machine: MACHINE, isThis: true })
    expect(await redeem(deviceCode)).toEqual({ state: 'expired' })
    const [login] = (await client.listAuditEvents({ query: { event: 'user.login' } })).items
    expect(login?.fields).toMatchObject({ method: 'device', client: 'cli' })
  })
  it('refuses on demand, and by anything but a clear yes', async () => {
    for (const verdict of ['refuse', '', 'Confirm']) {
      const { deviceCode, userCode } = await ask()
      expect(await (await submit({ code: userCode, verdict })).text()).toContain('Refused')
      expect(await redeem(deviceCode)).toEqual({ state: 'refused' })
    }
  })
  it('sends people who are not signed in to do that first, and back without any code', async () => {
    for (const response of [
      await browser.get('/device?code=BCDF-GHJK'),
      await browser.form('/device', { code: 'BCDF-GHJK' }),
      await browser.form('/device/decision', { code: 'BCDF-GHJK', verdict: 'confirm' }),
    ])
      expect(response.headers.get('location')).toBe('/sign-in?return=%2Fdevice')
    const signedIn = await browser.form('/sign-in', { user: ANA, password: PASSWORD, return: '/device' })
    expect(signedIn.headers.get('location')).toBe('/device')
  })
  it('takes no code from an address: it has to be typed (D7: device-code phishing)', async () => {
    const { userCode } = await ask()
    const page = await (await browser.get(`/device?code=${userCode}&user_code=${userCode}`, { cookie })).text()
    expect(page).not.toContain(userCode)
    expect(page).toContain('Did somebody send you a code')
  })
  it('is not confirmed by another site (D7: CSRF on every unsafe verb)', async () => {
    const { deviceCode, userCode } = await ask()
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])
      expect((await submit({ code: userCode, verdict: 'confirm' }, headers)).status).toBe(403)
    expect(await redeem(deviceCode)).toMatchObject({ state: 'pending' })
  })
  it('can’t be opened or confirmed with the token of a command line', async () => {
    const { deviceCode, userCode } = await ask()
    const { token } = await server.client().signIn({ body: { user: ANA, password: PASSWORD } })
    const fields = { code: userCode, verdict: 'confirm' }
    expect((await browser.form('/device/decision', fields, { cookie: `gatehouse=${token}` })).status).toBe(303)
    expect(await redeem(deviceCode)).toMatchObject({ state: 'pending' })
  })
  it('gives nothing for what was confirmed before all other sessions were ended', async () => {
    const { deviceCode, userCode } = await ask()
    await submit({ code: userCode, verdict: 'confirm' })
    await (await server.signIn()).endOtherSessions()
    expect(await redeem(deviceCode)).toEqual({ state: 'expired' })
    cookie = await browser.signIn()
  })
  it('says of a code that has ended what it says of one that never was', async () => {
    const { userCode } = await ask()
    server.clock.advance(minutes(10))
    const [ended, never] = [await submit({ code: userCode }), await submit({ code: 'BCDF-GHJK' })]
    expect([ended.status, never.status]).toEqual([403, 403])
    const alertIn = async (response: Response) => /role="alert"[\s\S]*?<\/div>/.exec(await response.text())?.[0]
    expect(await alertIn(ended)).toBe(await alertIn(never))
  })
})

describe('guessing', () => {
  it('of what people type is slowed down, by person and by address', async () => {
    await using other = await startTestServer()
    const there = browse(other)
    const own = await there.signIn()
    const { userCode } = await other.client().askForDeviceCode({ body: {} })
    for (let i = 0; i < 20; i++) await there.form('/device', { code: 'BCDF-GHJK' }, { cookie: own })
    const right = await there.form('/device', { code: userCode }, { cookie: own })
    expect([right.status, Number(right.headers.get('retry-after')) > 0]).toEqual([429, true])
  })
  it('of what the command line has is told nothing', async () => {
    expect(await redeem('guess')).toEqual({ state: 'expired' })
  })
  it('leaves room for others when one network asks without end', async () => {
    await using other = await startTestServer()
    const asks = Array.from({ length: 70 }, () => other.client().askForDeviceCode({ body: {} }))
    const outcomes = await Promise.allSettled(asks)
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(refused).toHaveLength(10)
    for (const { reason } of refused) expect(reason).toMatchObject({ status: 429 })
  })
})
