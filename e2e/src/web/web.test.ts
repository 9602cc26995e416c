import type { Locator } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { waitFor } from '../harness/wait-for.ts'
import { expectToFit } from './expect-to-fit.ts'
import { inBrowser } from './in-browser.ts'
import { picture } from './look-at.ts'
import { ENGINEER, REVIEWER, startWebWorld, type WebWorld } from './web-world.ts'

/** The first two with every test run, all with `npm run e2e`. 320 pixels are four hundred per cent on a laptop. */
const LOOKS = [
  ['light', 1280],
  ['dark', 320],
  ['dark', 1280],
  ['light', 390],
  ['light', 320],
] as const
/** Sooner than any page looks by the clock. */
const SOON_MS = 12_000

describe('the web interface', { timeout: 90_000 }, () => {
  let world: WebWorld
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  it('takes an engineer from an account that he lacks to one that AWS has confirmed (GD-43, GD-45)', async () => {
    const { page, complaints } = await world.open(ENGINEER, '/resources')
    await page.getByRole('switch', { name: 'Show requestable resources' }).check()
    await page.getByLabel('Search accounts and permission sets').fill('account-0001 set0000')
    await page.getByText('1 account', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Favourite account-0001' }).click()
    await page.getByRole('checkbox', { name: /^Ask for Set0000 on/ }).check()
    await page.getByRole('button', { name: 'Request access to 1' }).click()
    await page.getByLabel('Why do you need it?').fill('INC-7 <b>bold</b>')
    await page.getByRole('heading', { name: 'Who has to agree' }).waitFor()
    await page.getByRole('button', { name: 'Request access', exact: true }).click()
    await page.waitForURL(/\/requests\/[0-9a-f-]{36}$/)
    await page.getByText('pending', { exact: true }).first().waitFor()
    expect(await page.getByRole('button', { name: 'Approve request' }).count()).toBe(0)
    const address = new URL(page.url()).pathname

    const reviewer = await world.open(REVIEWER, '/')
    await reviewer.page.getByRole('link', { name: /^ana@acme.example: Set0000/ }).click()
    await reviewer.page.waitForURL((url) => url.pathname === address)
    await reviewer.page.getByRole('heading', { name: 'What it allows, as AWS says now' }).waitFor()
    await reviewer.page.getByLabel('Why').fill('on call')
    await reviewer.page.getByRole('button', { name: 'Approve request' }).click()
    await reviewer.page.getByText('confirmed by AWS', { exact: true }).waitFor({ timeout: 30_000 })

    await page.getByText('confirmed by AWS', { exact: true }).waitFor({ timeout: 30_000 })
    const life = page.getByRole('list', { name: 'The life of the request' })
    const steps = await life.getByRole('listitem').locator('b').allTextContents()
    expect(steps).toEqual(['Filed', 'Approved', 'Sent to AWS', 'Confirmed by AWS', 'Ends'])
    expect(await life.locator('time').count()).toBe(steps.length)
    await page.goto(`${world.server.url}/resources?show=favourites`)
    await page.getByText('1 account', { exact: true }).waitFor()
    const tile = page.getByRole('region', { name: 'Applications' })
    await tile.getByRole('button', { name: 'Details' }).click()
    await tile.getByText(/tsh login --proxy=.* --user=ana@acme.example/).waitFor()
    expect(await tile.getByRole('link', { name: /^Log In to / }).getAttribute('href')).toBe(world.sandbox.portalUrl)
    // What has no room on a phone goes on below the name, and not below the tick box.
    await page.setViewportSize({ width: 390, height: 800 })
    const offer = page.locator('.offer').filter({ hasText: 'Set0000' })
    const leftOf = async (one: Locator): Promise<number> => (await one.boundingBox())?.x ?? NaN
    expect(await leftOf(offer.getByRole('link', { name: 'Log In' }))).toBeGreaterThanOrEqual(
      await leftOf(offer.locator('.offer-name')),
    )
    await picture(page, 'offer-390')
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goBack()
    await page.getByRole('button', { name: 'End access now' }).click()
    await page.getByRole('button', { name: 'End the access' }).click()
    await page.getByText('ended', { exact: true }).first().waitFor({ timeout: 30_000 })
    expect([...complaints, ...reviewer.complaints]).toEqual([])
  })

  it('lets a reviewer approve a part by keyboard alone', async () => {
    const client = world.client
    const resources = await waitFor('resources', async () => {
      const { page } = await world.open(ENGINEER, '/resources?requestable=true')
      await page
        .getByRole('checkbox', { name: /^Ask for Set0001 on/ })
        .first()
        .check()
      await page
        .getByRole('checkbox', { name: /^Ask for Set0002 on/ })
        .first()
        .check()
      await page.getByRole('button', { name: 'Request access to 2' }).click()
      await page.getByRole('button', { name: 'Request access', exact: true }).click()
      await page.waitForURL(/\/requests\/[0-9a-f-]{36}$/)
      return new URL(page.url()).pathname
    })
    const { page } = await world.open(REVIEWER, resources)
    const focused = (): Promise<string> => page.evaluate('document.activeElement?.textContent ?? ""') as Promise<string>
    const second = page.getByRole('checkbox', { name: /^Set0002 on / })
    await second.focus()
    await page.keyboard.press('Space')
    await page.reload()
    await expect.poll(() => second.isChecked()).toBe(false)
    while (!(await focused()).startsWith('Approve')) await page.keyboard.press('Tab')
    expect(await focused()).toBe('Approve 1 of 2')
    await page.keyboard.press('Enter')
    await page.getByText(/^Not approved: Set0002 on /).waitFor()
    const [request] = (await client.listAccessRequests({ query: { limit: 1 } })).items
    expect(request?.state).toBe('approved')
  })

  it('shows what others do as they do it, and lets nobody approve what changed under his eyes (GD-46)', async () => {
    const debug = (rules: string) =>
      `kind: role\nversion: v8\nmetadata: {name: debug}\nspec: {allow: {rules: [${rules}]}}`
    const list = (title: string, member: string, allow: string) => `
kind: role
version: v8
metadata: {name: ${title}}
spec: {allow: ${allow}}
---
kind: access_list
version: v1
metadata: {name: ${title}}
spec: {title: ${title}, owners: [{name: ${REVIEWER}}], members: [{name: ${member}}], grants: {roles: [${title}]}}`
    const documents = [
      debug(''),
      list('asking', ENGINEER, '{request: {roles: [debug]}}'),
      list('judging', REVIEWER, '{review_requests: {roles: [debug]}}'),
    ]
    await world.client.applyDocuments({ body: { text: documents.join('\n---\n'), mode: 'create' } })
    const { page, complaints } = await world.open(REVIEWER, '/')
    await page.getByRole('heading', { name: 'Waiting for you' }).waitFor()
    const engineer = await world.signIn(ENGINEER)
    await engineer.createAccessRequest({ body: { roles: ['debug'], reason: 'INC-9' } })
    await page.getByRole('link', { name: /^ana@acme.example: debug/ }).click({ timeout: SOON_MS })
    const approve = page.getByRole('button', { name: 'Approve request' })
    await waitFor('a button to press', async () => ((await approve.isEnabled()) ? true : undefined))
    const text = debug('{resources: [event], verbs: [list, read]}')
    await world.client.applyDocuments({ body: { text, mode: 'replace' } })
    await page.getByText('What this would give has changed since you opened the page').waitFor({ timeout: SOON_MS })
    expect(await approve.isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'I have read it' }).click()
    await approve.click()
    await page.getByText('approved', { exact: true }).first().waitFor()
    const own = await world.open(ENGINEER, new URL(page.url()).pathname)
    await own.page.getByRole('button', { name: 'Assume its roles' }).click()
    await own.page.getByRole('link', { name: 'Audit log' }).waitFor()
    await own.page.getByRole('button', { name: 'Drop its roles' }).click()
    await own.page.getByRole('link', { name: 'Audit log' }).waitFor({ state: 'detached' })
    expect([...complaints, ...own.complaints]).toEqual([])
  })

  it.each(process.env['GATEHOUSE_PICTURES'] === undefined ? LOOKS.slice(0, 2) : LOOKS)(
    'has nothing for axe to complain of, %s at %d pixels, and fits the screen',
    async (scheme, width) => {
      const { page, complaints } = await world.open(REVIEWER, '/', { scheme, width })
      const pages = ['/', '/resources?requestable=true', '/requests']
      const [request] = (await world.client.listAccessRequests({ query: { limit: 1 } })).items
      if (request) pages.push(`/requests/${request.id}`)
      for (const path of pages) await expectToFit(page, world, path)
      expect(complaints).toEqual([])
    },
  )

  it('lets no script and no style in but its own, and nobody keeps the page', async () => {
    const { page } = await world.open(REVIEWER, '/requests')
    const response = await page.goto(`${world.server.url}/requests`)
    const { 'content-security-policy': policy = '', 'cache-control': cache } = response?.headers() ?? {}
    expect(cache).toBe('no-store')
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self' 'nonce-")
    expect(policy).toContain("frame-ancestors 'none'; require-trusted-types-for 'script'")
    expect(policy).not.toMatch(/unsafe|https?:/)
    const refused = await page.evaluate(`(() => {
      try { document.body.innerHTML = '<img src=x onerror=alert(1)>'; return false } catch { return true }
    })()`)
    expect(refused).toBe(true)
  })

  it('sends whoever is not signed in to the sign-in page and back, and tells what to do about an address of nothing', async () => {
    const { page } = await world.open(REVIEWER, '/requests?state=pending')
    await page.goto(`${world.server.url}/requests/none`)
    await page
      .getByRole('alert')
      .getByText(/there is no access request/i)
      .waitFor()
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL(/\/sign-in$/)
  })
})
