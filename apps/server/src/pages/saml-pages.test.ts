import { minutes, seconds } from '@gatehouse/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { browse } from '../testing/browse.ts'
import { ACS, createServiceProvider, SP_ENTITY_ID } from '../testing/service-provider.ts'
import { ANA, PASSWORD, startTestServer, type TestServer } from '../testing/start-test-server.ts'

const BRUNO = 'bruno@acme.example'
let server: TestServer
let browser: ReturnType<typeof browse>
let provider: Awaited<ReturnType<typeof createServiceProvider>>

const apply = async (text: string): Promise<unknown> => {
  const client = await server.signIn()
  return client.applyDocuments({ body: { text, mode: 'replace', confirmRemovals: 0 } })
}
const AWS = `
kind: saml_idp_service_provider
version: v1
metadata: {name: aws-identity-center}
spec:
  entity_id: ${SP_ENTITY_ID}
  acs_url: ${ACS}
  preset: aws-identity-center
  attribute_mapping:
    - {name: "https://aws.amazon.com/SAML/Attributes/AccessControl:Team", name_format: basic, value: external.team}
`
const user = (roles: string): string => `
kind: user
metadata: {name: ${BRUNO}}
spec: {roles: [${roles}], traits: {team: ["<b>&payments"]}}
`

beforeAll(async () => {
  server = await startTestServer()
  browser = browse(server)
  await apply(`${AWS}---${user('access')}`)
  await server.givePassword(BRUNO)
  provider = await createServiceProvider(server)
})
beforeEach(async () => void (await apply(`${AWS}---${user('access')}`)))
afterAll(async () => {
  expect(server.faults).toEqual([])
  await server[Symbol.asyncDispose]()
})

/** A browser with its cookies; follows nothing by itself. */
function visitor() {
  const cookies = new Map<string, string>()
  const keep = (response: Response): Response => {
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';')
      const at = pair.indexOf('=')
      if (set.includes('Max-Age=0')) cookies.delete(pair.slice(0, at))
      else cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return response
  }
  const cookie = (): Record<string, string> =>
    cookies.size === 0 ? {} : { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
  return {
    get: async (path: string) => keep(await browser.get(path, cookie())),
    post: async (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      keep(await browser.form(path, fields, { ...cookie(), ...headers })),
    async signIn(name = BRUNO, back = '/') {
      return keep(await browser.form('/sign-in', { user: name, password: PASSWORD, return: back }, cookie()))
    },
  }
}
const placeOf = (response: Response): string => {
  const location = response.headers.get('location') ?? ''
  return location.startsWith('http') ? new URL(location).pathname : location
}
const field = (page: string, name: string): string | undefined =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#39;', "'")
const xmlOf = (page: string): string => Buffer.from(field(page, 'SAMLResponse') ?? '', 'base64').toString()
async function authEvents() {
  const client = await server.signIn()
  const { items } = await client.listAuditEvents({ query: { event: 'saml.idp.auth', limit: 20 } })
  return items
}
/** From the application to the page that carries the answer back. */
async function throughSignIn(from: ReturnType<typeof visitor>, url: string): Promise<Response> {
  const received = await from.get(url)
  expect(received.status).toBe(303)
  return from.get(placeOf(received))
}

describe('signing in to an application that asks for it', () => {
  it('leads over the sign-in page back to the application, which takes the answer (GD-29)', async () => {
    const from = visitor()
    const asked = await throughSignIn(from, await provider.redirect('deep/link'))
    expect(asked.headers.get('location')).toMatch(/^\/sign-in\?return=%2Fsaml%2Fcontinue%2F[\w-]{43}$/)
    const back = new URLSearchParams(asked.headers.get('location')?.split('?')[1]).get('return') ?? ''
    const signedIn = await from.signIn(BRUNO, back)
    expect(placeOf(signedIn)).toBe(back)
    const answer = await from.get(back)
    const page = await answer.text()
    expect(answer.status).toBe(200)
    expect(page).toContain(`action="${ACS}"`)
    expect(field(page, 'RelayState')).toBe('deep/link')
    expect(await provider.accept(field(page, 'SAMLResponse') ?? '')).toMatchObject({
      nameID: BRUNO,
      nameIDFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
      'https://aws.amazon.com/SAML/Attributes/AccessControl:Team': '<b>&payments',
    })
    expect((await authEvents())[0]).toMatchObject({
      code: 'TSI000I',
      user: BRUNO,
      fields: { success: true, service_provider_entity_id: SP_ENTITY_ID, sid: '' },
    })
  })
  it('works alike when another site posts the request', async () => {
    const from = visitor()
    const elsewhere = { origin: 'https://eu-west-1.signin.aws.amazon.com', 'sec-fetch-site': 'cross-site' }
    const received = await from.post('/saml/sso', await provider.form(), elsewhere)
    expect(received.status).toBe(303)
    await from.signIn()
    const page = await (await from.get(placeOf(received))).text()
    expect(await provider.accept(field(page, 'SAMLResponse') ?? '')).toMatchObject({ nameID: BRUNO })
  })
  it('D1-39 says exactly for whom, where and until when', async () => {
    const from = visitor()
    await from.signIn()
    const received = await from.get(await provider.redirect())
    const xml = xmlOf(await (await from.get(placeOf(received))).text())
    const entityId = (await (await browser.get('/saml/metadata-values')).json()) as { entityID: string }
    expect(xml).toContain(`<saml:Audience>${SP_ENTITY_ID}</saml:Audience>`)
    expect(xml).toContain(`Destination="${ACS}"`)
    expect(xml).toContain(`Recipient="${ACS}"`)
    expect(xml).toContain(`>${entityId.entityID}</saml:Issuer>`)
    expect(xml).toMatch(/InResponseTo="_[0-9a-f]+"/)
    expect(xml).toMatch(/SessionNotOnOrAfter="[^"]+"/)
    expect(xml).not.toContain('Address=')
    expect(xml.match(/<ds:Signature[ >]/g)).toHaveLength(1)
    expect(xml.length).toBeLessThan(50_000)
  })
  it('D1-14 is refused for an application that nobody has added', async () => {
    const other = await createServiceProvider(server, { issuer: 'https://evil.example/saml' })
    const response = await visitor().get(await other.redirect())
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('No service provider has the entity id')
  })
  it('D1-15 is refused for an address that the application has not registered', async () => {
    const other = await createServiceProvider(server, { callbackUrl: `${ACS}2` })
    expect((await visitor().get(await other.redirect())).status).toBe(403)
  })
  it('D1-21 answers a request once, also when it comes again later', async () => {
    const url = await provider.redirect()
    const from = visitor()
    await from.signIn()
    const received = await from.get(url)
    expect((await from.get(placeOf(received))).status).toBe(200)
    expect((await from.get(placeOf(received))).status).toBe(403)
    const again = await from.get(url)
    expect(again.status).toBe(403)
    expect(await again.text()).toContain('answered already')
  })
  it('D1-21 answers one of two that come at once', async () => {
    const from = visitor()
    await from.signIn()
    const place = placeOf(await from.get(await provider.redirect()))
    const both = await Promise.all([from.get(place), from.get(place)])
    expect(both.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 403]))
  })
  it('D1-27 never signs in whom the request names, only who is there', async () => {
    const from = visitor()
    await from.signIn()
    const { SAMLRequest = '' } = await provider.form()
    const xml = Buffer.from(SAMLRequest, 'base64').toString()
    const named = xml.replace(
      '</saml:Issuer>',
      `</saml:Issuer><saml:Subject xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"><saml:NameID>${ANA}</saml:NameID></saml:Subject>`,
    )
    const received = await from.post('/saml/sso', { SAMLRequest: Buffer.from(named).toString('base64') })
    const answer = await from.get(placeOf(received))
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain(`asks for &quot;${ANA}&quot;`)
  })
  it('D1-28 tells the application when it wants a name of another form', async () => {
    const other = await createServiceProvider(server, {
      identifierFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    })
    const from = visitor()
    await from.signIn()
    const xml = xmlOf(await (await throughSignIn(from, await other.redirect())).text())
    expect(xml).toContain('status:InvalidNameIDPolicy')
    expect(xml).not.toContain('Assertion ')
  })
  it('D1-30 asks again for the password when a fresh sign-in is wanted', async () => {
    const other = await createServiceProvider(server, { forceAuthn: true })
    const from = visitor()
    await from.signIn()
    server.clock.advance(seconds(2))
    const received = await from.get(await other.redirect())
    server.clock.advance(seconds(2))
    const asked = await from.get(placeOf(received))
    expect(asked.headers.get('location')).toContain('again=1')
    expect(await (await from.get(asked.headers.get('location') ?? '')).text()).toContain('name="password"')
    await from.signIn()
    expect(xmlOf(await (await from.get(placeOf(received))).text())).toContain('status:Success')
  })
  it('D1-30 tells the application when it wants another way of signing in', async () => {
    const other = await createServiceProvider(server, {
      authnContext: ['urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard'],
    })
    const from = visitor()
    await from.signIn()
    expect(xmlOf(await (await throughSignIn(from, await other.redirect())).text())).toContain('status:NoAuthnContext')
  })
  it('D1-31 prompts nobody when it must not, and tells the application', async () => {
    const other = await createServiceProvider(server, { passive: true })
    const xml = xmlOf(await (await throughSignIn(visitor(), await other.redirect())).text())
    expect(xml).toContain('status:NoPassive')
    expect(xml).not.toContain('Assertion ')
    const from = visitor()
    await from.signIn()
    expect(xmlOf(await (await throughSignIn(from, await other.redirect())).text())).toContain('status:Success')
  })
  it('D1-32 D1-37 gives a relay state back as the text that it is, and none that is endless', async () => {
    const from = visitor()
    await from.signIn()
    const hostile = `"><script>alert(1)</script>&amp;https://evil.example`
    const page = await (await throughSignIn(from, await provider.redirect(hostile))).text()
    expect(page).not.toContain('<script>alert')
    expect(page).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;https://evil.example')
    const long = await from.post('/saml/sso', { ...(await provider.form()), RelayState: 'x'.repeat(4097) })
    expect(long.status).toBe(400)
  })
  it('D1-42 signs nobody in who was locked meanwhile', async () => {
    const from = visitor()
    await from.signIn()
    const received = await from.get(await provider.redirect())
    await apply(`kind: lock\nmetadata: {name: out}\nspec: {target: {user: ${BRUNO}}}`)
    const answer = await from.get(placeOf(received))
    expect(answer.status).toBe(303)
    expect(placeOf(answer)).toContain('/sign-in')
    expect((await from.signIn()).status).toBe(403)
    const client = await server.signIn()
    await client.deleteDocument({ params: { kind: 'lock', name: 'out' }, query: {} })
  })
  it('D1-43 can not be gone on with in another browser, nor be begun for somebody', async () => {
    const attacker = visitor()
    const place = placeOf(await attacker.get(await provider.redirect()))
    const victim = visitor()
    await victim.signIn()
    const answer = await victim.get(place)
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('another browser')
  })
  it('D1-36 tells the name as it is stored, however it was typed, and no two names look alike', async () => {
    const from = visitor()
    await from.signIn(BRUNO.toUpperCase())
    const page = await (await throughSignIn(from, await provider.redirect())).text()
    expect(await provider.accept(field(page, 'SAMLResponse') ?? '')).toMatchObject({ nameID: BRUNO })
    const create = (name: string) => server.signIn().then((client) => client.createUser({ body: { name } }))
    await expect(create(BRUNO.toUpperCase())).rejects.toMatchObject({ code: 'already-exists' })
    await expect(create('jose\u0301@acme.example')).rejects.toMatchObject({ code: 'invalid-value' })
    await expect(create('br\u200Buno@acme.example')).rejects.toMatchObject({ code: 'invalid-value' })
  })
  it('has ended when its user took too long', async () => {
    const from = visitor()
    const place = placeOf(await from.get(await provider.redirect()))
    server.clock.advance(minutes(15))
    await from.signIn()
    expect((await from.get(place)).status).toBe(403)
  })
  it('D1-44 answers on a page that nobody frames or keeps, and that runs nothing inline', async () => {
    const from = visitor()
    await from.signIn()
    const answer = await throughSignIn(from, await provider.redirect())
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toContain('unsafe-inline')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-frame-options')).toBe('DENY')
    expect(await answer.text()).not.toMatch(/<script>|onload=|style=/)
  })
  it('D1-41 is refused when what would be told is too long', async () => {
    const mapping = Array.from(
      { length: 20 },
      (_, index) => `{name: "https://aws.amazon.com/SAML/Attributes/AccessControl:K${index}", value: external.long}`,
    ).join(', ')
    const long = AWS.replace(/attribute_mapping:[^]*/, `attribute_mapping: [${mapping}]\n`)
    await apply(
      `${long}---\nkind: user\nmetadata: {name: ${BRUNO}}\nspec: {roles: [access], traits: {long: ["${'x'.repeat(4000)}"]}}`,
    )
    const from = visitor()
    await from.signIn()
    const answer = await throughSignIn(from, await provider.redirect())
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('50000 characters')
  })
})

describe('signing in to an application from our side', () => {
  it('D1-38 answers without having been asked', async () => {
    const from = visitor()
    const asked = await from.get('/saml/login/aws-identity-center')
    expect(asked.headers.get('location')).toBe('/sign-in?return=%2Fsaml%2Flogin%2Faws-identity-center')
    await from.signIn()
    const page = await (await from.get('/saml/login/aws-identity-center')).text()
    expect(xmlOf(page)).not.toContain('InResponseTo')
    expect(await provider.accept(field(page, 'SAMLResponse') ?? '')).toMatchObject({ nameID: BRUNO })
    expect((await authEvents())[0]?.fields).toMatchObject({ service_provider_shortcut: 'aws-identity-center' })
    expect((await from.get('/saml/login/aws-identity-center/whatever')).status).toBe(200)
  })
  it('is refused for an application or a destination that there is not', async () => {
    const from = visitor()
    await from.signIn()
    expect((await from.get('/saml/login/nothing')).status).toBe(404)
    expect((await from.get('/saml/login/aws-identity-center?account_id=1&role_name=https://evil.example')).status).toBe(
      404,
    )
  })
  it('shows and records what is missing, field for field as the guide does (GD-57)', async () => {
    await apply(user('requester'))
    const from = visitor()
    await from.signIn()
    const answer = await throughSignIn(from, await provider.redirect())
    expect(answer.status).toBe(403)
    const page = await answer.text()
    expect(page).toContain('app_labels')
    expect(page).not.toContain('SAMLResponse')
    const [event] = await authEvents()
    expect(event).toMatchObject({ event: 'saml.idp.auth', code: 'TSI000I', user: BRUNO })
    const client = await server.signIn()
    const subject = event?.subjects.find((one) => one.startsWith('service-provider:')) ?? ''
    const about = await client.listAuditEvents({ query: { subject, limit: 100 } })
    expect(about.items[0]?.seq).toBe(event?.seq)
    expect(about.items.at(-1)?.event).toBe('saml.idp.service.provider.create')
    expect(event?.fields).toEqual({
      success: false,
      error: 'access to saml_idp_service_provider denied. User does not have permissions. ',
      service_provider_entity_id: SP_ENTITY_ID,
      sid: '',
      denial: {
        missing: 'label',
        labels: { 'teleport.dev/origin': 'aws-identity-center' },
        message: expect.stringContaining('app_labels'),
        remedy: expect.stringContaining('administrator'),
      },
    })
  })
})

describe('the certificates', () => {
  it('overlap while they are rolled over, and each step is recorded', async () => {
    await using other = await startTestServer()
    const client = await other.signIn()
    const before = await client.getSamlIdentityProvider()
    expect(before).toMatchObject({ certificates: [{ active: true }] })
    const added = await client.addSamlCertificate()
    const metadata = await (await fetch(`${other.url}/saml/metadata`)).text()
    expect(metadata.match(/<md:KeyDescriptor use="signing">/g)).toHaveLength(2)
    const { fingerprint } = added
    await client.activateSamlCertificate({ params: { fingerprint: fingerprint.slice(0, 12) } })
    const [active, old] = (await client.getSamlIdentityProvider()).certificates
    expect(active).toMatchObject({ fingerprint, active: true })
    await expect(client.deleteSamlCertificate({ params: { fingerprint } })).rejects.toMatchObject({ code: 'conflict' })
    await client.deleteSamlCertificate({ params: { fingerprint: old?.fingerprint ?? '' } })
    expect((await client.getSamlIdentityProvider()).certificates).toHaveLength(1)
    const { items } = await client.listAuditEvents({ query: { limit: 5 } })
    expect(items.map(({ code }) => code)).toEqual(expect.arrayContaining(['GH020I', 'GH021I', 'GH022I']))
    expect(other.faults).toEqual([])
  })
  it('are one, however many ask for the first one at once', async () => {
    await using other = await startTestServer()
    const answers = await Promise.all(Array.from({ length: 5 }, () => fetch(`${other.url}/saml/metadata`)))
    const documents = new Set(await Promise.all(answers.map((answer) => answer.text())))
    expect(documents.size).toBe(1)
    expect(answers[0]?.headers.get('content-type')).toBe('application/samlmetadata+xml; charset=utf-8')
    expect(other.faults).toEqual([])
  })
})

it('a session that has ended by then signs nobody in', async () => {
  const from = visitor()
  await from.signIn()
  const place = placeOf(await from.get(await provider.redirect()))
  server.clock.advance(minutes(14))
  await from.post('/sign-out', {}, { origin: browser.origin })
  expect(placeOf(await from.get(place))).toContain('/sign-in')
})
