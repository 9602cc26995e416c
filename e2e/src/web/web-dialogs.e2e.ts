import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findBrowser } from '../harness/browser.ts'
import { expectNoViolations } from './expect-to-fit.ts'
import { govern } from './govern-scene.ts'
import { ADMINISTRATOR, ENGINEER, REVIEWER, startWebWorld, type WebWorld } from './web-world.ts'

const browserName = findBrowser()

describe('what stands before a page', { timeout: 60_000 }, () => {
  let world: WebWorld
  beforeEach((test) => {
    if (browserName === undefined) test.skip('there is no Chromium here')
  })
  beforeAll(async () => {
    if (browserName === undefined) return
    world = await startWebWorld(browserName)
    await govern(world.client)
    const role = { kind: 'role', version: 'v8', metadata: { name: 'spare' }, spec: {} }
    const provider = {
      kind: 'saml_idp_service_provider',
      version: 'v1',
      metadata: { name: 'wiki' },
      spec: { entity_id: 'https://wiki.example/saml', acs_url: 'https://wiki.example/acs' },
    }
    const text = [role, provider].map((document) => JSON.stringify(document)).join('\n---\n')
    await world.client.applyDocuments({ body: { mode: 'create', text } })
  }, 120_000)
  afterAll(() => world?.[Symbol.asyncDispose]())

  it('asks before something is deleted, and says what that means', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/account')
    const dialog = page.getByRole('dialog')
    for (const [path, buttons, says] of [
      ['/users/person-0000@acme.example', ['More', 'Delete user'], /^The user is signed out everywhere/],
      ['/roles/spare', ['Delete role'], /^A role that a user or a list still has is kept/],
      ['/access-lists/second', ['More', 'Delete list'], /^2 members lose what only this list gives them/],
      ['/service-providers/wiki', ['Delete'], /^Nobody signs in to it/],
    ] as const) {
      await page.goto(world.server.url + path)
      for (const name of buttons)
        await page.getByRole('button', { name }).or(page.getByRole('menuitem', { name })).click()
      await dialog.getByText(says).first().waitFor()
      await page.waitForLoadState('networkidle')
      await expectNoViolations(page)
      await dialog.getByRole('button', { name: 'Leave it' }).click()
      await dialog.waitFor({ state: 'detached' })
    }
    expect(complaints).toEqual([])
  })

  it('finds by a word what can be made, for whoever may, and opens it by its address', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/account')
    const palette = page.getByRole('textbox', { name: 'Search or jump to' })
    const dialog = page.getByRole('dialog')
    const choose = async (label: string): Promise<void> => {
      await page.getByRole('button', { name: /^Search or jump to/ }).click()
      await palette.fill(label.toLowerCase())
      await dialog.getByRole('button', { name: label }).waitFor()
      await page.waitForLoadState('networkidle')
      await expectNoViolations(page)
      await dialog.getByRole('button', { name: label }).click()
      await palette.waitFor({ state: 'detached' })
    }
    for (const [label, path, title] of [
      ['Create user', '/users', 'Who is to be a user?'],
      ['Create lock', '/locks', 'What is to be locked?'],
      ['Add service provider', '/service-providers', 'Which application signs people in here?'],
      ['Add new integration', '/organizations', 'What do you want to integrate?'],
    ] as const) {
      await choose(label)
      await page.waitForURL(`${world.server.url}${path}?add=true`)
      await dialog.getByRole('heading', { name: title }).waitFor()
      await page.reload()
      await dialog.getByRole('heading', { name: title }).waitFor()
      await page.keyboard.press('Escape')
      await page.waitForURL(world.server.url + path)
      await dialog.waitFor({ state: 'detached' })
    }
    await choose('Create New Role')
    await page.getByRole('heading', { level: 1, name: 'Create New Role' }).waitFor()
    await page.getByRole('button', { name: 'Create role' }).waitFor()
    expect(complaints).toEqual([])

    const { page: other } = await world.open(ENGINEER, '/account')
    await other.getByRole('button', { name: /^Search or jump to/ }).click()
    await other.getByRole('textbox', { name: 'Search or jump to' }).fill('access')
    await other.getByRole('button', { name: 'Request access' }).waitFor()
    await other.getByRole('textbox', { name: 'Search or jump to' }).fill('create')
    await other.getByText('Nothing is called so.').waitFor()
    await other.goto(`${world.server.url}/users?add=true`)
    await other.getByRole('alert').first().waitFor()
    expect(await other.getByRole('dialog').count()).toBe(0)
  })

  it('ends a page whose browser somebody else has signed in with, and forgets what was typed', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/users?add=true')
    const typed = page.getByLabel('User name')
    await typed.fill('half-typed@acme.example')
    await page.context().clearCookies()
    const other = await page.context().newPage()
    await other.goto(`${world.server.url}/sign-in?return=%2F`)
    await world.signInAt(other, REVIEWER)
    await other.waitForURL((url) => url.pathname === '/')
    const dialog = page.getByRole('dialog', { name: `You are signed in as ${REVIEWER} now` })
    await dialog.getByText(`is not for ${REVIEWER}`).waitFor()
    await expectNoViolations(page)
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Reload the page' }).click()
    await page.getByRole('button', { name: `Account of ${REVIEWER}` }).waitFor()
    await dialog.waitFor({ state: 'detached' })
    expect(await typed.count()).toBe(0)
  })
})
