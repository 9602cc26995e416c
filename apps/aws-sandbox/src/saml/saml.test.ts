import { get } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { attributesOf } from '../testing/browser.ts'
import { createIdentityProvider } from '../testing/identity-provider.ts'
import { readRequest, startSamlScene, type SamlScene } from '../testing/saml-scene.ts'

const HOUR = 3_600_000
const GENERIC = 'An unexpected error has occurred'

async function expectRefused(
  scene: SamlScene,
  page: { status: number; body: string },
  reason: RegExp,
  shown = GENERIC,
) {
  expect(page.status).toBe(400)
  expect(page.body).toContain(shown)
  const [last] = await scene.control('GET', '/sign-ins?last=1')
  expect(last).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(reason), shown })
  // The true reason is for the log; the page has what finds it there.
  expect(page.body).not.toContain(last.reason)
  expect(page.body).toContain(last.id)
}

describe('a sign-in that starts at the portal', () => {
  it('asks the identity provider by redirect and comes back to the page that was asked for', async () => {
    await using scene = await startSamlScene()
    const { leavesTo } = await scene.newBrowser().open('/start')
    expect(leavesTo?.origin).toBe('https://idp.example')
    expect(leavesTo?.searchParams.get('tenant')).toBe('1')
    const { xml } = readRequest(leavesTo)
    const { entityId, acsUrl } = scene.serviceProvider
    expect(attributesOf(xml)).toMatchObject({
      AssertionConsumerServiceURL: acsUrl,
      Destination: scene.idp.signInUrl,
      Version: '2.0',
    })
    expect(xml).toContain(`>${entityId}</saml2:Issuer>`)
    expect(xml).toContain('Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"')

    const { page, browser } = await scene.signIn('/start/console?account_id=000000000000')
    expect(page.url).toContain('/start/console?account_id=000000000000')
    expect((await browser.open('/start')).body).toContain('AWS accounts')
    const log = await scene.control('GET', '/sign-ins?last=1')
    expect(log).toMatchObject([{ outcome: 'signed-in', userName: 'ana@acme.example', initiatedBy: 'service-provider' }])
  })

  it('asks by a form when the identity provider wants it', async () => {
    await using scene = await startSamlScene()
    const { metadata } = scene.idp
    await scene.control('PUT', '/identity-provider', { metadata, binding: 'post' })
    const page = await scene.newBrowser().open('/start')
    const form = /<form class="sheet"[^]*<\/form>/.exec(page.body)?.[0] ?? ''
    expect(attributesOf(form)).toMatchObject({ method: 'post', action: `${scene.idp.signInUrl}&by=post` })
    const [message, relayState] = [...form.matchAll(/<input[^>]*>/g)].map(([input]) => attributesOf(input).value ?? '')
    const inResponseTo = / ID="([^"]+)"/.exec(Buffer.from(message ?? '', 'base64').toString())?.[1]
    expect((await scene.post(scene.response({ inResponseTo }), { relayState: relayState ?? '' })).status).toBe(200)
  })

  it('is answered once, in time, with the RelayState it came with', async () => {
    await using scene = await startSamlScene()
    const ask = async () => readRequest((await scene.newBrowser().open('/start')).leavesTo)
    const first = await ask()
    const answer = (inResponseTo: string) => scene.response({ inResponseTo, now: Date.now() })
    expect((await scene.post(answer(first.id), first)).status).toBe(200)
    await expectRefused(scene, await scene.post(answer(first.id), first), /answered already/)
    await expectRefused(scene, await scene.post(answer('_unknown'), first), /Nobody asked/)
    await expectRefused(scene, await scene.post(answer((await ask()).id), first), /RelayState/)

    const late = await ask()
    scene.sandbox.setClockOffset(600_000)
    const lateAnswer = scene.response({ inResponseTo: late.id, now: Date.now() + 600_000 })
    await expectRefused(scene, await scene.post(lateAnswer, late), /too old/)
  })

  it('waits at a page that keeps what stands behind the # when a browser comes', async () => {
    await using scene = await startSamlScene()
    // Not by fetch, which says of itself that it does not navigate.
    const body = await new Promise<string>((resolve, reject) => {
      const request = get(scene.sandbox.portalUrl, { headers: { 'sec-fetch-mode': 'navigate' } }, (response) => {
        text(response).then(resolve, reject)
      })
      request.on('error', reject)
    })
    expect(body).toContain('id="onward"')
    const page = { url: scene.sandbox.portalUrl, status: 200, body }
    expect((await scene.newBrowser().submit(page)).leavesTo?.origin).toBe('https://idp.example')
  })

  it('says so when no identity provider is configured yet', async () => {
    await using scene = await startSamlScene()
    await scene.control('PUT', '/identity-source', { kind: 'external', accept: 'ACCEPT' })
    const page = await scene.newBrowser().open('/start')
    expect(page).toMatchObject({ status: 503, body: expect.stringContaining('metadata is not known') })
  })
})

describe('a sign-in that starts at the identity provider', () => {
  it.each([
    ['', '/start'],
    ['{start}/#/console?account_id=1&role_name=a', '/start/console?account_id=1&role_name=a'],
    ['{start}#/console?account_id=1', '/start/console?account_id=1'],
    ['{public}/start/console?account_id=1', '/start/console?account_id=1'],
    ['/start/device?user_code=ABCD-EFGH', '/start/device?user_code=ABCD-EFGH'],
    ['https://evil.example/start/', '/start'],
    ['//evil.example/start', '/start'],
    ['/\\evil.example', '/start'],
    ['javascript:alert(1)', '/start'],
    ['what?', '/start'],
  ])('leads with the RelayState "%s" to %s', async (relayState, path) => {
    await using scene = await startSamlScene()
    const { startUrl, endpointUrl } = scene.sandbox
    const given = relayState.replace('{start}', startUrl).replace('{public}', endpointUrl)
    const page = await scene.post(scene.response(), { relayState: given })
    expect(page.url).toBe(endpointUrl + path)
    expect(await scene.control('GET', '/sign-ins?last=1')).toMatchObject([{ initiatedBy: 'identity-provider' }])
  })

  it('works once', async () => {
    await using scene = await startSamlScene()
    const answer = scene.response()
    expect((await scene.post(answer)).status).toBe(200)
    await expectRefused(scene, await scene.post(answer), /used before/)
  })
})

describe('the user name', () => {
  it('must be that of somebody who is provisioned, or AWS speaks of MFA', async () => {
    await using scene = await startSamlScene()
    const page = await scene.post(scene.response({ nameId: 'stranger@acme.example' }))
    await expectRefused(scene, page, /Nobody has the user name/, 'Invalid MFA credentials')
  })

  it('counts to the letter, and e-mail addresses do not count', async () => {
    await using scene = await startSamlScene()
    await expectRefused(scene, await scene.post(scene.response({ nameId: 'Ana@acme.example' })), /not to the letter/)
  })

  it('of somebody who is disabled opens nothing, and what is open closes', async () => {
    await using scene = await startSamlScene()
    const { browser } = await scene.signIn()
    await scene.control('POST', '/users/ana@acme.example/state', { active: false })
    expect((await browser.open('/start')).leavesTo?.origin).toBe('https://idp.example')
    await expectRefused(scene, await scene.post(scene.response()), /is disabled/)
  })
})

describe('a portal session', () => {
  it('ends when the identity provider says, if that is sooner than the setting', async () => {
    await using scene = await startSamlScene()
    const { browser } = await scene.signIn('/start', { sessionNotOnOrAfter: Date.now() + HOUR })
    scene.sandbox.setClockOffset(HOUR - 60_000)
    expect((await browser.open('/start')).status).toBe(200)
    scene.sandbox.setClockOffset(HOUR)
    expect((await browser.open('/start')).leavesTo).toBeDefined()
  })

  it('ends as set, if the identity provider would allow more', async () => {
    await using scene = await startSamlScene({ knobs: { portalSessionDuration: HOUR } })
    const { browser } = await scene.signIn('/start', { sessionNotOnOrAfter: Date.now() + 20 * HOUR })
    scene.sandbox.setClockOffset(HOUR)
    expect((await browser.open('/start')).leavesTo).toBeDefined()
  })

  it('lasts eight hours without a word from the identity provider, whatever is set', async () => {
    await using scene = await startSamlScene({ knobs: { portalSessionDuration: 90 * 24 * HOUR } })
    const { browser } = await scene.signIn()
    scene.sandbox.setClockOffset(8 * HOUR - 60_000)
    expect((await browser.open('/start')).status).toBe(200)
    scene.sandbox.setClockOffset(8 * HOUR)
    expect((await browser.open('/start')).leavesTo).toBeDefined()
  })
})

describe('the identity provider', () => {
  it('may have two certificates at once while it changes over, and never none', async () => {
    await using scene = await startSamlScene()
    const next = createIdentityProvider()
    const { acsUrl, entityId: audience } = scene.serviceProvider
    const newAnswer = () => next.respond({ nameId: 'ana@acme.example', acsUrl, audience, now: Date.now() })
    await expectRefused(scene, await scene.post(newAnswer()), /none of the trusted certificates/)
    const { certificate } = next
    const { identityProvider } = await scene.control('POST', '/identity-provider/certificates', { certificate })
    expect(identityProvider.certificates).toMatchObject([{ state: 'valid' }, { state: 'valid' }])
    expect((await scene.post(newAnswer())).status).toBe(200)
    expect((await scene.post(scene.response())).status).toBe(200)

    const [old, kept] = identityProvider.certificates
    await scene.control('DELETE', `/identity-provider/certificates/${old.id}`)
    await expectRefused(scene, await scene.post(scene.response()), /none of the trusted certificates/)
    const last = await scene.control('DELETE', `/identity-provider/certificates/${kept.id}`)
    expect(last).toMatchObject({ code: 'LastCertificate' })
  })

  it('is no longer believed when its certificate has expired', async () => {
    await using scene = await startSamlScene()
    const old = createIdentityProvider({ notAfter: new Date('2021-01-01T00:00:00Z') })
    const { identityProvider } = await scene.control('PUT', '/identity-provider', { metadata: old.metadata })
    expect(identityProvider.certificates).toMatchObject([{ state: 'expired' }])
    const { acsUrl, entityId: audience } = scene.serviceProvider
    const answer = old.respond({ nameId: 'ana@acme.example', acsUrl, audience, now: Date.now() })
    await expectRefused(scene, await scene.post(answer), /none of the trusted certificates/)
  })

  it('is configured by metadata as a file or by its three parts', async () => {
    await using scene = await startSamlScene()
    const response = await fetch(`${scene.sandbox.controlUrl}/identity-provider`, {
      method: 'PUT',
      headers: { 'content-type': 'application/xml' },
      body: scene.idp.metadata,
    })
    expect(await response.json()).toMatchObject({ identityProvider: { entityId: scene.idp.entityId } })
    const commented = scene.idp.metadata.replace('<md:KeyDescriptor', '<!-- until March -->$&')
    const answer = await scene.control('PUT', '/identity-provider', { metadata: commented })
    expect(answer.identityProvider.certificates).toHaveLength(1)
    const { entityId: issuer, signInUrl, certificate } = scene.idp
    const parts = await scene.control('PUT', '/identity-provider', { issuer, signInUrl, certificate })
    expect(parts.identityProvider).toMatchObject({ entityId: issuer, signInUrl, binding: 'redirect' })
    expect((await scene.post(scene.response())).status).toBe(200)
  })

  it.each<[string, (xml: string) => string]>([
    ['no certificate', (xml) => xml.replace(/<md:KeyDescriptor.*<\/md:KeyDescriptor>/, '')],
    ['a broken certificate', (xml) => xml.replace(/(<ds:X509Certificate>).{9}/, '$1')],
    ['a key for encryption', (xml) => xml.replace('use="signing"', 'use="encryption"')],
    ['no entityID', (xml) => xml.replace(/ entityID="[^"]*"/, '')],
    ['no address', (xml) => xml.replaceAll(/<md:SingleSignOnService[^>]*>/g, '')],
    ['an address that is none', (xml) => xml.replaceAll(/Location="[^"]*"/g, 'Location="javascript:alert(1)"')],
    ['a document type', (xml) => xml.replace('?>', '?><!DOCTYPE x>')],
    ['more than 75,000 characters', (xml) => xml.replace('</md:EntityDescriptor>', `${' '.repeat(75_000)}$&`)],
    ['only half of it', (xml) => xml.slice(0, 300)],
  ])('is refused with %s', async (_what, spoil) => {
    await using scene = await startSamlScene({ seed: 'empty' })
    const answer = await scene.control('PUT', '/identity-provider', { metadata: spoil(scene.idp.metadata) })
    expect(answer).toMatchObject({ code: 'InvalidMetadata' })
    const source = await scene.control('GET', '/identity-source')
    expect(source.identityProvider.entityId).toBe(scene.idp.entityId)
  })

  it('finds the service provider in its metadata', async () => {
    await using scene = await startSamlScene({ seed: 'empty' })
    const response = await fetch(scene.serviceProvider.metadataUrl)
    expect(response.headers.get('content-type')).toContain('application/samlmetadata+xml')
    const xml = await response.text()
    expect(xml).toContain(`entityID="${scene.serviceProvider.entityId}"`)
    expect(xml).toContain(`Location="${scene.serviceProvider.acsUrl}"`)
    expect(xml).toContain('WantAssertionsSigned="true"')
    expect(scene.serviceProvider.entityId).toBe(
      `https://us-east-1.signin.aws.amazon.com/platform/saml/${scene.sandbox.identityStoreId}`,
    )
  })
})

describe('another identity source', () => {
  const count = async (scene: SamlScene) => {
    const { users, groups, assignments, iamRoles, permissionSets } = await scene.control('GET', '/world')
    const reserved = iamRoles.filter(({ isProtected }: { isProtected: boolean }) => isProtected)
    return [users, groups, assignments, reserved, permissionSets].map((rows: unknown[]) => rows.length)
  }
  const change = (scene: SamlScene, kind: string) =>
    scene.control('PUT', '/identity-source', { kind, accept: 'ACCEPT' })

  it.each(['external', 'directory'])('keeps people and assignments when it is %s', async (kind) => {
    await using scene = await startSamlScene()
    const before = await count(scene)
    const { serviceProvider, identityProvider } = await change(scene, kind)
    expect(await count(scene)).toEqual(before)
    expect(serviceProvider.acsUrl).not.toBe(scene.serviceProvider.acsUrl)
    expect(identityProvider).toBeUndefined()
    await expectRefused(scene, await scene.post(scene.response()), kind === 'external' ? /not configured/ : /directory/)
  })

  it.each([
    ['to', 'external', 'active-directory'],
    ['from', 'active-directory', 'external'],
  ] as const)(
    'takes people and assignments with it on the way %s Active Directory',
    async (_way, identitySource, kind) => {
      await using scene = await startSamlScene({ identitySource })
      const [, , , , permissionSets] = await count(scene)
      await change(scene, kind)
      expect(await count(scene)).toEqual([0, 0, 0, 0, permissionSets])
    },
  )

  it('must be accepted in so many words', async () => {
    await using scene = await startSamlScene()
    expect(await scene.control('PUT', '/identity-source', { kind: 'directory' })).toMatchObject({
      code: 'InvalidInput',
    })
    expect((await scene.control('GET', '/identity-source')).kind).toBe('external')
  })

  it('takes SCIM only when it is external', async () => {
    await using scene = await startSamlScene({ seed: 'empty' })
    const list = async () => {
      const headers = { authorization: `Bearer ${scene.sandbox.scimToken}` }
      return (await fetch(`${scene.sandbox.scimUrl}/Users`, { headers })).status
    }
    expect(await list()).toBe(200)
    for (const kind of ['directory', 'active-directory']) {
      await change(scene, kind)
      expect(await list()).toBe(403)
    }
    await change(scene, 'external')
    expect(await list()).toBe(200)
  })
})
