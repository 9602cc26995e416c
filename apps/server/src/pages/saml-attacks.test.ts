import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { minutes, plus } from '@gatehouse/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { browse } from '../testing/browse.ts'
import { ACS, createServiceProvider, SP_ENTITY_ID } from '../testing/service-provider.ts'
import { PASSWORD, startTestServer, type TestServer } from '../testing/start-test-server.ts'

const BRUNO = 'bruno@acme.example'
const TAG = 'https://aws.amazon.com/SAML/Attributes/AccessControl:'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
let server: TestServer
let browser: ReturnType<typeof browse>
let provider: Awaited<ReturnType<typeof createServiceProvider>>
/** Bruno's session, and the secret of his browser. */
let cookie: { readonly cookie: string }

const portal = (more = ''): string =>
  `kind: saml_idp_service_provider\nversion: v1\nmetadata: {name: portal}\nspec: {entity_id: "${SP_ENTITY_ID}", acs_url: "${ACS}", preset: aws-identity-center${more}}\n---\n`
const bruno = (roles = 'access', traits = ''): string =>
  `kind: user\nmetadata: {name: ${BRUNO}}\nspec: {roles: [${roles}], traits: {${traits}}}\n---\n`
async function apply(text: string): Promise<void> {
  const client = await server.signIn()
  await client.applyDocuments({ body: { text, mode: 'replace', confirmRemovals: 0 } })
}
async function authEvents() {
  const client = await server.signIn()
  const { items } = await client.listAuditEvents({ query: { event: 'saml.idp.auth', limit: 50 } })
  return items
}
/** What was recorded while something was done. */
async function recorded(act: () => Promise<unknown>) {
  const before = (await authEvents()).length
  await act()
  const events = await authEvents()
  return events.slice(0, events.length - before)
}
/** A request that was received, as the address that goes on with it. */
async function received(path: string): Promise<string> {
  const response = await browser.get(path, cookie)
  expect(response.status).toBe(303)
  return response.headers.get('location') ?? ''
}
const pairOf = (response: Response): string => response.headers.getSetCookie()[0]?.split(';')[0] ?? ''

beforeAll(async () => {
  server = await startTestServer()
  browser = browse(server)
  await apply(portal() + bruno())
  await server.givePassword(BRUNO)
  provider = await createServiceProvider(server)
  const session = pairOf(await browser.form('/sign-in', { user: BRUNO, password: PASSWORD }))
  cookie = { cookie: `${session}; ${pairOf(await browser.get(await provider.redirect()))}` }
})
beforeEach(() => apply(portal() + bruno()))
afterAll(async () => {
  expect(server.faults).toEqual([])
  await server[Symbol.asyncDispose]()
})

describe('the address that takes requests', () => {
  it('D1-23 refuses a parameter that comes twice, however it is spelled', async () => {
    const { SAMLRequest = '' } = await provider.form()
    const url = await provider.redirect()
    for (const more of ['RelayState=evil', '%52elayState=evil', 'SAMLRequest=evil', 'SAML%52equest=evil']) {
      const answer = await browser.get(`${url}&${more}`)
      expect(answer.status).toBe(403)
      expect(await answer.text()).toContain('twice')
    }
    const body = `${new URLSearchParams({ SAMLRequest }).toString()}&RelayState=a&RelayState=b`
    expect((await browser.post('/saml/sso', body, FORM)).status).toBe(403)
  })
  it('D1-37 keeps a relay state with question marks in it whole', async () => {
    const url = (await provider.redirect('https://sp.example/')).replace('sp.example%2F', 'sp.example/?a=b?')
    const page = await (await browser.get(await received(url), cookie)).text()
    expect(page).toContain('name="RelayState" value="https://sp.example/?a=b?"')
  })
  it('D1-43 gives each browser a secret of our own making, and renews it while it is used', async () => {
    const secretAfter = async (headers: Record<string, string>): Promise<string> =>
      pairOf(await browser.get(await provider.redirect(), headers))
    const ours = await secretAfter({})
    expect(ours).toMatch(/^gatehouse-browser=[\w-]{43}$/)
    expect(await secretAfter({ cookie: ours })).toBe(ours)
    for (const planted of ['gatehouse-browser=', 'gatehouse-browser=planted', `${ours}; ${ours}`])
      expect(await secretAfter({ cookie: planted })).not.toBe(ours)
    expect(await secretAfter({ cookie: 'gatehouse-browser=planted' })).not.toContain('planted')
  })
  it('D1-21 answers nobody who only looks by HEAD', async () => {
    const place = await received(await provider.redirect())
    const events = await recorded(async () => {
      for (const path of [place, '/saml/login/portal', '/saml/sso'])
        expect((await fetch(server.url + path, { method: 'HEAD', headers: cookie })).status).toBe(404)
    })
    expect(events).toEqual([])
    const page = await (await browser.get(place, cookie)).text()
    const answer = /name="SAMLResponse" value="([^"]+)"/.exec(page)?.[1] ?? ''
    expect(await provider.accept(answer)).toMatchObject({ nameID: BRUNO })
  })
  it('takes no more requests from one network than people can make', { timeout: 60_000 }, async () => {
    await using other = await startTestServer()
    const { get } = browse(other)
    const statuses = new Set<number>()
    for (let round = 0; round < 13; round++)
      for (const { status } of await Promise.all(Array.from({ length: 100 }, () => get('/saml/sso?SAMLRequest=x'))))
        statuses.add(status)
    expect(statuses).toEqual(new Set([403, 429]))
    expect((await get('/saml/sso?SAMLRequest=x')).headers.get('retry-after')).toMatch(/^\d+$/)
    expect((await get('/sign-in')).status).toBe(200)
  })
})

describe('an application whose metadata says that it signs its requests', () => {
  const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
  let key: KeyObject
  let signing = ''
  const signed = (url: string): string => {
    const [path = '', query = ''] = `${url}&SigAlg=${encodeURIComponent(RSA_SHA256)}`.split('?')
    const signature = sign('sha256', Buffer.from(query), key).toString('base64')
    return `${path}?${query}&Signature=${encodeURIComponent(signature)}`
  }
  beforeAll(async () => {
    const now = server.clock.now()
    const { pem, privateKey } = await server.ports.saml.makeCertificate('sp', now, plus(now, minutes(60)))
    key = createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' })
    const certificate = pem.replaceAll(/-----[^-]+-----|\s/g, '')
    const metadata = `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${SP_ENTITY_ID}"><md:SPSSODescriptor AuthnRequestsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${ACS}" index="0"/></md:SPSSODescriptor></md:EntityDescriptor>`
    signing = `kind: saml_idp_service_provider\nversion: v1\nmetadata: {name: portal}\nspec: {entity_descriptor: '${metadata}'}\n---\n`
  })
  beforeEach(() => apply(signing))

  it('D1-22 is asked to, by either binding', async () => {
    expect(await received(signed(await provider.redirect()))).toMatch(/^\/saml\/continue\//)
    expect((await browser.get(await provider.redirect(), cookie)).status).toBe(403)
    const posted = await browser.form('/saml/sso', await provider.form(), cookie)
    expect(posted.status).toBe(403)
    expect(await posted.text()).toContain('by HTTP-POST, where signatures are not read')
  })
  it('D1-23 gets an answer to what it has signed, and to nothing put in beside it', async () => {
    const other = new URLSearchParams((await provider.redirect()).split('?')[1]).get('SAMLRequest') ?? ''
    const [path = '', query = ''] = signed(await provider.redirect()).split('?')
    const smuggled = `${path}?%53AMLRequest=${encodeURIComponent(other)}&${query}`
    expect((await browser.get(smuggled, cookie)).status).toBe(403)
    const moved = `${path}?${query.replace('RelayState=', 'Relay%53tate=evil&X=')}`
    expect((await browser.get(moved, cookie)).status).toBe(403)
  })
})

describe('what is refused to somebody who is known', () => {
  it('D1-42 is recorded when the role that let him in is locked', async () => {
    await apply('kind: lock\nmetadata: {name: closed}\nspec: {target: {role: access}}')
    const events = await recorded(async () => {
      expect((await browser.get(await received(await provider.redirect()), cookie)).status).toBe(403)
      expect((await browser.get('/saml/login/portal', cookie)).status).toBe(403)
    })
    const client = await server.signIn()
    await client.deleteDocument({ params: { kind: 'lock', name: 'closed' }, query: {} })
    const denial = { missing: 'lock', role: 'access' }
    expect(events).toMatchObject([
      { user: BRUNO, fields: { success: false, denial } },
      { user: BRUNO, fields: { success: false, denial } },
    ])
  })
  it('D1-31 is told to the application where nobody must be shown anything', async () => {
    await apply(bruno('requester'))
    const passive = await createServiceProvider(server, { passive: true })
    let page = ''
    const events = await recorded(async () => {
      page = await (await browser.get(await received(await passive.redirect()), cookie)).text()
    })
    const answer = /name="SAMLResponse" value="([^"]+)"/.exec(page)?.[1] ?? ''
    expect(Buffer.from(answer, 'base64').toString()).toContain('status:RequestDenied')
    expect(events).toMatchObject([{ user: BRUNO, fields: { success: false, denial: { missing: 'label' } } }])
  })
  it('D1-27 is recorded when a request names somebody else', async () => {
    const { SAMLRequest = '' } = await provider.form()
    const subject =
      '</saml:Issuer><saml:Subject xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"><saml:NameID>eva</saml:NameID></saml:Subject>'
    const xml = Buffer.from(SAMLRequest, 'base64').toString().replace('</saml:Issuer>', subject)
    const posted = await browser.form('/saml/sso', { SAMLRequest: Buffer.from(xml).toString('base64') }, cookie)
    const events = await recorded(() => browser.get(posted.headers.get('location') ?? '', cookie))
    expect(events).toMatchObject([
      { user: BRUNO, fields: { success: false, error: expect.stringContaining('asks for "eva"') } },
    ])
  })
  it('D1-41 is recorded when too much would be told', async () => {
    const mapping = Array.from({ length: 20 }, (_, index) => `{name: "${TAG}K${index}", value: external.long}`).join(
      ', ',
    )
    await apply(portal(`, attribute_mapping: [${mapping}]`) + bruno('access', `long: ["${'x'.repeat(4000)}"]`))
    const events = await recorded(async () => {
      expect((await browser.get(await received(await provider.redirect()), cookie)).status).toBe(403)
      expect((await browser.get('/saml/login/portal', cookie)).status).toBe(403)
    })
    const error = expect.stringContaining('50000 characters')
    expect(events).toMatchObject([{ fields: { success: false, error } }, { fields: { success: false, error } }])
  })
  it('is the same for any destination when the application is closed to him', async () => {
    await apply(bruno('requester'))
    const answer = await browser.get('/saml/login/portal?account_id=1&role_name=nothing', cookie)
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('app_labels')
  })
  it('is not a fault when an attribute has the name of something inside an object', async () => {
    await apply(portal(`, attribute_mapping: [{name: "${TAG}a", value: external.constructor}]`))
    expect((await browser.get('/saml/login/portal', cookie)).status).toBe(200)
  })
})
