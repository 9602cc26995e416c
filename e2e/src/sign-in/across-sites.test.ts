import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { GatehouseClient } from '@gatehouse/api'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fillSignIn, findBrowser, startBrowser } from '../harness/browser.ts'
import { connectSaml } from '../harness/connect-saml.ts'
import { type Sandbox, startSandbox } from '../harness/sandbox.ts'
import { type Server, startServer } from '../harness/server.ts'
import { setPassword } from '../harness/set-password.ts'

const ANA = { user: 'ana@acme.example', password: 'correct horse battery staple' }
const BRUNO = { user: 'bruno@acme.example', password: 'another horse battery staple' }
const browserName = findBrowser()

describe('a browser, between two sites', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-sign-in-'))
  let sandbox: Sandbox
  let server: Server
  let client: GatehouseClient
  let browser: Browser
  let context: BrowserContext
  let page: Page

  beforeEach((test) => {
    if (browserName === undefined) test.skip('there is no Chromium here')
  })
  beforeAll(async () => {
    if (browserName === undefined) return
    sandbox = await startSandbox()
    server = await startServer({ folder, awsEndpointUrl: sandbox.endpointUrl, bootstrapAdmin: ANA.user })
    await setPassword(server.url + (server.bootstrapLink() ?? ''), ANA.password)
    client = await server.signIn(ANA.user, ANA.password)
    await client.createUser({ body: { name: BRUNO.user, roles: ['requester'] } })
    const { url } = await client.createPasswordLink({ params: { name: BRUNO.user } })
    await setPassword(url, BRUNO.password)
    await connectSaml(client, sandbox)
    browser = await startBrowser(browserName)
  }, 90_000)
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    await sandbox?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Nobody is signed in anywhere. */
  async function anew(): Promise<void> {
    await context?.close()
    context = await browser.newContext()
    page = await context.newPage()
  }
  const portal = (): Promise<void> => page.waitForURL(`${sandbox.portalUrl}**`)

  it.each(['redirect', 'post'] as const)(
    'goes from AWS to Gatehouse by %s, signs in there, and comes back; the second time nobody asks (GD-26, D3-out-9)',
    async (binding) => {
      const { metadata } = await client.getSamlIdentityProvider()
      await sandbox.control.trustIdentityProvider(metadata, binding)
      await anew()
      await page.goto(sandbox.portalUrl)
      await page.waitForURL(`${server.url}/sign-in**`)
      await fillSignIn(page, ANA)
      await portal()
      await expect.poll(() => page.title()).toContain('AWS accounts')

      await context.clearCookies({ domain: '127.0.0.1' })
      await page.goto(sandbox.portalUrl)
      await portal()
      await expect.poll(() => page.title()).toContain('AWS accounts')
      expect(await page.getByText(ANA.user).count()).toBeGreaterThan(0)
    },
    60_000,
  )

  it('goes from Gatehouse to AWS, and the answer goes on its way by itself', { timeout: 60_000 }, async () => {
    await anew()
    await page.goto(`${server.url}/saml/login/aws-identity-center`)
    await fillSignIn(page, ANA)
    await portal()
    await expect.poll(() => page.title()).toContain('AWS accounts')
    expect((await sandbox.control.signIns(1))[0]).toMatchObject({ outcome: 'signed-in', userName: ANA.user })
  })

  it('works without JavaScript, by one click more', { timeout: 60_000 }, async () => {
    await context?.close()
    context = await browser.newContext({ javaScriptEnabled: false })
    page = await context.newPage()
    await page.goto(`${server.url}/saml/login/aws-identity-center`)
    await fillSignIn(page, ANA)
    await page.getByRole('button', { name: 'Go on' }).click()
    await portal()
  })

  it('tells who may not what is missing, and AWS learns nothing', { timeout: 60_000 }, async () => {
    const before = await sandbox.control.signIns(100)
    await anew()
    await page.goto(sandbox.portalUrl)
    await fillSignIn(page, BRUNO)
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').innerText()).toContain('app_labels')
    expect(await sandbox.control.signIns(100)).toEqual(before)
    const { items } = await client.listAuditEvents({ query: { event: 'saml.idp.auth', limit: 1 } })
    expect(items[0]).toMatchObject({ code: 'TSI000I', user: BRUNO.user, fields: { success: false, sid: '' } })
  })
})
