import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { createBrowser, unescapeHtml } from '../testing/browser.ts'
import { PASSWORD, startSignInScene, type SignInScene } from '../testing/sign-in-scene.ts'

const ANA = 'ana@acme.example'

async function firstRole(scene: SignInScene) {
  const browser = await scene.signIn(ANA)
  const { body } = await browser.open('/start')
  const [, query = ''] = /href="\/start\/credentials\?([^"]+)"/.exec(body) ?? []
  const asked = new URLSearchParams(unescapeHtml(query))
  const [accountId, role] = [asked.get('account_id') ?? '', asked.get('role_name') ?? '']
  return { browser, accountId, role, query: asked.toString(), home: body }
}

describe('the access portal', () => {
  it('shows the accounts and roles that the portal API lists', async () => {
    await using scene = await startSignInScene()
    const { home } = await firstRole(scene)
    const { tokens } = await scene.login(ANA)
    const { body } = await scene.portal('/assignment/accounts', tokens.accessToken)
    expect(body.accountList.length).toBeGreaterThan(0)
    for (const { accountId, accountName } of body.accountList) {
      expect(home).toContain(accountId)
      expect(home).toContain(accountName)
    }
  })

  it('gives credentials to copy that work', async () => {
    await using scene = await startSignInScene()
    const { browser, accountId, role, query } = await firstRole(scene)
    const { body } = await browser.open(`/start/credentials?${query}`)
    const page = unescapeHtml(body)
    const read = (name: string) => new RegExp(`export ${name}="([^"]+)"`).exec(page)?.[1] ?? ''
    const credentials = {
      accessKeyId: read('AWS_ACCESS_KEY_ID'),
      secretAccessKey: read('AWS_SECRET_ACCESS_KEY'),
      sessionToken: read('AWS_SESSION_TOKEN'),
    }
    expect(page).toContain(
      `[${accountId}_${role}]\naws_access_key_id=${credentials.accessKeyId}\naws_secret_access_key=`,
    )
    expect(page).toContain(`sso_start_url = ${scene.sandbox.startUrl}`)
    const { endpointUrl: endpoint, region } = scene.sandbox
    const sts = new STSClient({ endpoint, region, credentials })
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}))
    expect(Arn).toContain(`:assumed-role/AWSReservedSSO_${role}_`)
  })

  it('opens a link to a role, to an account, and neither for somebody without access', async () => {
    await using scene = await startSignInScene()
    const { browser, accountId, query } = await firstRole(scene)
    const destination = 'https://console.aws.amazon.com/s3'
    const page = await browser.open(`/start/console?${query}&destination=${encodeURIComponent(destination)}`)
    expect(page.body).toContain(destination)
    expect(page.body).toContain(':assumed-role/AWSReservedSSO_')
    expect((await browser.open(`/start/console?account_id=${accountId}`)).body).toContain('Choose a role')
    for (const path of [
      '/start/console?account_id=1',
      '/start/console',
      `/start/credentials?account_id=${accountId}`,
    ]) {
      expect(await browser.open(path)).toMatchObject({ status: 403, body: expect.stringContaining('No access') })
    }
  })

  it('brings people back to the link they followed once they have signed in', async () => {
    await using scene = await startSignInScene()
    const { query } = await firstRole(scene)
    const browser = createBrowser(scene.sandbox.endpointUrl)
    const page = await browser.open(`/start/console?${query}`)
    expect(page.url).toContain('/start/signin')
    const after = await browser.submit(page, { username: ANA, password: PASSWORD })
    expect(after.url).toBe(`${scene.sandbox.endpointUrl}/start/console?${query}`)
  })

  it('leaves nobody for another site after signing in', async () => {
    await using scene = await startSignInScene()
    for (const back of ['https://evil.example/', '//evil.example', '/\\evil.example', '/startled', '/']) {
      const browser = createBrowser(scene.sandbox.endpointUrl)
      const page = await browser.open(`/start/signin?return=${encodeURIComponent(back)}`)
      const after = await browser.submit(page, { username: ANA, password: PASSWORD })
      expect(after.url).toBe(scene.sandbox.portalUrl)
    }
  })

  it('ends its session and nothing else when somebody signs out', async () => {
    await using scene = await startSignInScene()
    const { tokens } = await scene.login(ANA)
    const browser = await scene.signIn(ANA)
    const page = await browser.open('/start/signout', { method: 'POST' })
    expect(page.body).toContain('You are signed out')
    expect(page.body).not.toContain(ANA)
    expect(browser.cookies.size).toBe(0)
    expect((await browser.open('/start')).url).toContain('/start/signin')
    expect((await scene.portal('/assignment/accounts', tokens.accessToken)).status).toBe(200)
  })

  it('takes no form that another site sends', async () => {
    await using scene = await startSignInScene()
    const browser = await scene.signIn(ANA)
    const headers = { origin: 'https://evil.example' }
    const page = await browser.open('/start/signout', { method: 'POST', headers })
    expect(page.status).toBe(403)
    expect((await browser.open('/start')).url).toBe(scene.sandbox.portalUrl)
  })

  it('refuses a wrong password, no password, and people who do not exist, in the same words', async () => {
    await using scene = await startSignInScene({ knobs: { directoryPassword: '' } })
    await scene.control('POST', '/users/boris@acme.example/password', { password: 'his own' })
    const browser = createBrowser(scene.sandbox.endpointUrl)
    const page = await browser.open('/start')
    for (const [username, password] of [
      [ANA, ''],
      [ANA, 'guess'],
      ['boris@acme.example', 'guess'],
      ['nobody', 'guess'],
    ] as const) {
      const after = await browser.submit(page, { username, password })
      expect(after).toMatchObject({ status: 401, body: expect.stringContaining('incorrect') })
    }
    const after = await browser.submit(page, { username: 'Boris@acme.example', password: 'his own' })
    expect(after.body).toContain('AWS accounts')
  })

  it('runs no script but its own and is framed by nobody', async () => {
    await using scene = await startSignInScene()
    const { headers } = await fetch(`${scene.sandbox.endpointUrl}/start/signin`)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(headers.get('cache-control')).toBe('no-store')
  })
})
