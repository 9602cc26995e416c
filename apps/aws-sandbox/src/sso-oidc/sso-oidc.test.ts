import { describe, expect, it } from 'vitest'
import { CLI_CLIENT, createPkce, DEVICE_GRANT, startSignInScene, type SignInScene } from '../testing/sign-in-scene.ts'

const HOUR = 3_600_000
const CALLBACK = 'http://127.0.0.1/oauth/callback'
const PKCE_CLIENT = { ...CLI_CLIENT, grantTypes: ['authorization_code', 'refresh_token'], redirectUris: [CALLBACK] }

async function startDevice(scene: SignInScene) {
  const { body: client } = await scene.oidc('/client/register', CLI_CLIENT)
  const { startUrl } = scene.sandbox
  const { body: device } = await scene.oidc('/device_authorization', { ...client, startUrl })
  const { deviceCode } = device
  const poll = () => scene.oidc('/token', { ...client, grantType: DEVICE_GRANT, deviceCode })
  return { client, device, poll }
}

describe('a registration', () => {
  it('lasts 90 days and keeps the grants of a device when it names none', async () => {
    await using scene = await startSignInScene()
    const { status, body } = await scene.oidc('/client/register', CLI_CLIENT)
    expect(status).toBe(200)
    expect(body.clientSecretExpiresAt - body.clientIdIssuedAt).toBe(90 * 86_400)
    expect(body).toMatchObject({ clientId: expect.any(String), clientSecret: expect.any(String) })
    scene.sandbox.setClockOffset(90 * 86_400_000)
    const later = await scene.oidc('/device_authorization', { ...body, startUrl: scene.sandbox.startUrl })
    expect(later).toMatchObject({ status: 401, error: 'InvalidClientException', body: { error: 'invalid_client' } })
  })

  it.each([
    [{ clientType: 'confidential' }, 'InvalidClientMetadataException', 'invalid_client_metadata'],
    [{ scopes: ['not a scope'] }, 'InvalidScopeException', 'invalid_scope'],
    [{ grantTypes: ['password'] }, 'UnsupportedGrantTypeException', 'unsupported_grant_type'],
    [{ redirectUris: ['https://evil.example/'] }, 'InvalidRedirectUriException', 'invalid_redirect_uri'],
    [{ clientName: '' }, 'InvalidRequestException', 'invalid_request'],
  ])('is refused with %o as %s', async (wrong, error, oauth) => {
    await using scene = await startSignInScene({ seed: 'empty' })
    const reply = await scene.oidc('/client/register', { ...CLI_CLIENT, ...wrong })
    expect(reply).toMatchObject({ status: 400, error, body: { error: oauth } })
  })
})

describe('a device', () => {
  it('gets a token once its code is confirmed in a browser, and only once', async () => {
    await using scene = await startSignInScene()
    const { device, poll } = await startDevice(scene)
    expect(device).toMatchObject({
      expiresIn: 600,
      interval: 1,
      userCode: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
    })
    const pending = { status: 400, error: 'AuthorizationPendingException' }
    expect(await poll()).toMatchObject({
      ...pending,
      body: { error: 'authorization_pending', error_description: null },
    })

    const browser = await scene.signIn('ana@acme.example')
    const page = await browser.open(device.verificationUriComplete)
    expect(page.body).toContain(device.userCode)
    expect(page.body).toContain('botocore-client-test')
    expect((await browser.submit(page, { answer: 'allow' })).body).toContain('Request approved')

    const { status, body } = await poll()
    expect(status).toBe(200)
    expect(body).toMatchObject({ tokenType: 'Bearer', expiresIn: 3_600, refreshToken: expect.any(String) })
    expect(body).not.toHaveProperty('idToken')
    expect(await poll()).toMatchObject({ status: 400, error: 'InvalidGrantException' })
  })

  it('is told to slow down when it polls too fast, and five seconds more each time', async () => {
    await using scene = await startSignInScene()
    const { poll } = await startDevice(scene)
    for (let times = 0; times < 3; times += 1) expect((await poll()).error).toBe('AuthorizationPendingException')
    expect(await poll()).toMatchObject({ error: 'SlowDownException', body: { error: 'slow_down' } })
    scene.sandbox.setClockOffset(5_000)
    expect((await poll()).error).toBe('SlowDownException')
    scene.sandbox.setClockOffset(17_000)
    expect((await poll()).error).toBe('AuthorizationPendingException')
  })

  it('hears that the user refused, and that its code is too old', async () => {
    await using scene = await startSignInScene()
    const browser = await scene.signIn('ana@acme.example')
    const refused = await startDevice(scene)
    await browser.submit(await browser.open(refused.device.verificationUriComplete), { answer: 'deny' })
    expect(await refused.poll()).toMatchObject({ error: 'AccessDeniedException', body: { error: 'access_denied' } })

    const late = await startDevice(scene)
    scene.sandbox.setClockOffset(600_000)
    expect(await late.poll()).toMatchObject({ error: 'ExpiredTokenException', body: { error: 'expired_token' } })
    const page = await browser.open(late.device.verificationUriComplete)
    expect(page).toMatchObject({ status: 400, body: expect.stringContaining('Invalid code') })
  })

  it('is found by a code typed in small letters without the dash', async () => {
    await using scene = await startSignInScene()
    const { device } = await startDevice(scene)
    const browser = await scene.signIn('ana@acme.example')
    const typed = device.userCode.replace('-', '').toLowerCase()
    const page = await browser.submit(await browser.open('/start/device'), { user_code: typed })
    expect(page.body).toContain(device.userCode)
  })

  it('of another Region or organization gets no code', async () => {
    await using scene = await startSignInScene()
    const { startUrl } = scene.sandbox
    const { body: foreign } = await scene.oidc('/eu-west-1/client/register', CLI_CLIENT)
    const wrongRegion = await scene.oidc('/eu-west-1/device_authorization', { ...foreign, startUrl })
    expect(wrongRegion).toMatchObject({ status: 400, error: 'InvalidRequestException' })
    const { body: client } = await scene.oidc('/us-east-1/client/register', CLI_CLIENT)
    const other = 'https://d-0000000000.awsapps.com/start'
    const wrongUrl = await scene.oidc('/device_authorization', { ...client, startUrl: other })
    expect(wrongUrl.error).toBe('InvalidRequestException')
    for (const form of [`${startUrl}/`, `${startUrl}#`, `${startUrl}/#/`, scene.sandbox.portalUrl]) {
      expect((await scene.oidc('/device_authorization', { ...client, startUrl: form })).status).toBe(200)
    }
  })
})

describe('an authorization code', () => {
  async function authorize(scene: SignInScene, changes: Readonly<Record<string, string>> = {}) {
    const { body: client } = await scene.oidc('/client/register', PKCE_CLIENT)
    const { codeVerifier, challenge } = createPkce()
    const redirectUri = 'http://127.0.0.1:49152/oauth/callback'
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: client.clientId,
      redirect_uri: redirectUri,
      state: 'state-1',
      code_challenge_method: 'S256',
      code_challenge: challenge,
      scopes: 'sso:account:access',
      ...changes,
    })
    const browser = await scene.signIn('ana@acme.example')
    const page = await browser.open(`/authorize?${query.toString()}`)
    const exchange = (code: string, more: object = {}) =>
      scene.oidc('/token', { ...client, grantType: 'authorization_code', code, redirectUri, codeVerifier, ...more })
    return { client, browser, page, exchange }
  }

  it('comes with the state to whatever port the client listens on, and is worth a token once', async () => {
    await using scene = await startSignInScene()
    const { browser, page, exchange } = await authorize(scene)
    expect(page.body).toContain('Allow botocore-client-test to access your data?')
    const { leavesTo } = await browser.submit(page, { answer: 'allow' })
    expect(leavesTo?.origin).toBe('http://127.0.0.1:49152')
    expect(leavesTo?.searchParams.get('state')).toBe('state-1')
    const code = leavesTo?.searchParams.get('code') ?? ''
    expect(await exchange(code)).toMatchObject({ status: 200, body: { tokenType: 'Bearer', expiresIn: 3_600 } })
    expect(await exchange(code)).toMatchObject({ status: 400, error: 'InvalidGrantException' })
  })

  it('is worth nothing with another verifier, callback or client, nor after ten minutes', async () => {
    await using scene = await startSignInScene()
    const { body: other } = await scene.oidc('/client/register', PKCE_CLIENT)
    const { codeVerifier } = createPkce()
    for (const wrong of [{ codeVerifier }, { redirectUri: CALLBACK }, other, { late: true }]) {
      const { browser, page, exchange } = await authorize(scene)
      const { leavesTo } = await browser.submit(page, { answer: 'allow' })
      if ('late' in wrong) scene.sandbox.setClockOffset(600_000)
      const reply = await exchange(leavesTo?.searchParams.get('code') ?? '', wrong)
      expect(reply.error).toBe('InvalidGrantException')
    }
  })

  it('is refused to the client in words when the user denies or PKCE is missing', async () => {
    await using scene = await startSignInScene()
    const { browser, page } = await authorize(scene)
    const { leavesTo } = await browser.submit(page, { answer: 'deny' })
    expect(leavesTo?.searchParams.get('error')).toBe('access_denied')
    const plain = await authorize(scene, { code_challenge_method: 'plain' })
    expect(plain.page.leavesTo?.searchParams.get('error')).toBe('invalid_request')
  })

  it('never leaves for a callback that the client did not register, nor for an unknown client', async () => {
    await using scene = await startSignInScene()
    const wrong = [
      { redirect_uri: 'https://evil.example/' },
      { redirect_uri: 'http://127.0.0.1:1/other' },
      { client_id: 'x' },
    ]
    for (const changes of wrong) {
      const { page } = await authorize(scene, changes)
      expect(page).toMatchObject({ status: 400, body: expect.stringContaining('Invalid Callback') })
      expect(page.leavesTo).toBeUndefined()
    }
  })

  it('of a client that registered in another Region ends on the invalid-callback page before anybody signs in', async () => {
    await using scene = await startSignInScene()
    const { body: client } = await scene.oidc('/eu-west-1/client/register', PKCE_CLIENT)
    const query = new URLSearchParams({ response_type: 'code', client_id: client.clientId, redirect_uri: CALLBACK })
    const response = await fetch(`${scene.sandbox.endpointUrl}/authorize?${query.toString()}`, { redirect: 'manual' })
    expect(response.status).toBe(400)
    const page = await response.text()
    expect(page).toContain('Invalid Callback')
    expect(page).toContain('sso_region')
  })
})

describe('a token', () => {
  it('is renewed until the sign-in ends, and lives for eight hours when it cannot be', async () => {
    await using scene = await startSignInScene()
    const { client, tokens } = await scene.login('ana@acme.example')
    const renew = () =>
      scene.oidc('/token', { ...client, grantType: 'refresh_token', refreshToken: tokens.refreshToken })
    scene.sandbox.setClockOffset(7.5 * HOUR)
    const { body } = await renew()
    expect(body.refreshToken).toBe(tokens.refreshToken)
    expect(body.expiresIn).toBeLessThanOrEqual(HOUR / 2_000)
    expect(body.expiresIn).toBeGreaterThan(HOUR / 2_000 - 60)
    scene.sandbox.setClockOffset(8 * HOUR)
    expect((await renew()).error).toBe('ExpiredTokenException')

    const old = await scene.login('ana@acme.example', { clientName: 'old', clientType: 'public' })
    expect(old.tokens.expiresIn).toBeGreaterThan(8 * 3_600 - 60)
    expect(old.tokens).not.toHaveProperty('refreshToken')
  })

  it('is not renewed for somebody who was disabled or signed out', async () => {
    await using scene = await startSignInScene()
    const { client, tokens } = await scene.login('ana@acme.example')
    const renew = () =>
      scene.oidc('/token', { ...client, grantType: 'refresh_token', refreshToken: tokens.refreshToken })
    expect((await renew()).status).toBe(200)
    expect((await scene.portal('/logout', tokens.accessToken, 'POST')).status).toBe(200)
    expect((await renew()).error).toBe('InvalidGrantException')
  })

  it('is refused for a wrong secret, another grant or a missing member', async () => {
    await using scene = await startSignInScene()
    const { body: client } = await scene.oidc('/client/register', CLI_CLIENT)
    const ask = (changes: object) =>
      scene.oidc('/token', { ...client, grantType: DEVICE_GRANT, deviceCode: 'x', ...changes })
    expect(await ask({ clientSecret: 'wrong' })).toMatchObject({ status: 401, error: 'InvalidClientException' })
    expect((await ask({ grantType: 'password' })).error).toBe('UnsupportedGrantTypeException')
    expect((await ask({ grantType: 'authorization_code', code: 'x' })).error).toBe('UnauthorizedClientException')
    expect((await ask({ deviceCode: undefined })).error).toBe('InvalidRequestException')
    expect((await ask({ clientId: undefined })).error).toBe('InvalidRequestException')
    expect((await ask({})).error).toBe('InvalidGrantException')
    const elsewhere = await scene.oidc('/eu-west-1/token', { ...client, grantType: DEVICE_GRANT, deviceCode: 'x' })
    expect(elsewhere.error).toBe('InvalidClientException')
  })
})
