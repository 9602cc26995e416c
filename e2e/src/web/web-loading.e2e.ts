import { afterAll, describe, expect, it } from 'vitest'
import { waitFor } from '../harness/wait-for.ts'
import { govern } from './govern-scene.ts'
import { inBrowser } from './in-browser.ts'
import { lookAt } from './look-at.ts'
import { ADMINISTRATOR, findAxeViolations, startWebWorld, type WebWorld } from './web-world.ts'

describe('what is waited for', { timeout: 60_000 }, () => {
  let world: WebWorld
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName)
    await govern(world.client)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  it('has the place and the head of the table that comes, and is said once', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/roles')
    await page.getByRole('region', { name: 'Roles', exact: true }).getByRole('link').first().waitFor()
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
    await page.route(/\/v1\/users\?/, async (route) => {
      await answered
      await route.continue()
    })
    await page.getByRole('link', { name: 'Users', exact: true }).click()
    const waiting = page.locator('main .skeleton')
    await waiting.waitFor({ state: 'visible' })
    const [head] = await waiting.locator('thead').all()
    const before = await head?.boundingBox()
    expect(await waiting.locator('th').first().textContent()).toContain('User')
    const words = page.getByRole('status').filter({ hasText: /^Loading$/ })
    await waitFor('the word', async () => ((await words.count()) === 1 ? true : undefined))
    expect(await findAxeViolations(page)).toEqual([])
    answer()
    const table = page.getByRole('region', { name: 'Users' })
    await table.getByRole('link').first().waitFor()
    expect(await table.locator('thead').boundingBox()).toEqual(before)
    expect(await words.count()).toBe(0)
    expect(complaints).toEqual([])
  })

  it('is read once when a page is opened, and again once something has changed', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/requests')
    let reads = 0
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/v1/documents/role') reads++
    })
    const listens = page.waitForResponse(/\/v1\/changes/)
    await page.goto(`${world.server.url}/roles`)
    const table = page.getByRole('region', { name: 'Roles', exact: true })
    await table.getByRole('link').first().waitFor()
    await listens
    // Longer than what has changed is gathered before it is read again.
    await page.waitForTimeout(2_500)
    expect(reads).toBe(1)
    await world.client.applyDocuments({
      body: { text: 'kind: role\nversion: v8\nmetadata: {name: just-made}\nspec: {allow: {}}', mode: 'create' },
    })
    await table.getByRole('link', { name: 'just-made' }).waitFor()
    expect(reads).toBe(2)
  })

  it('is read again when it has changed while it was on its way', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/requests')
    // What has changed is gathered for as long as it ever is.
    await page.addInitScript(() => {
      Math.random = () => 0.99
    })
    const { promise: listened, resolve: listen } = Promise.withResolvers<void>()
    await page.route(/\/v1\/changes/, async (route) => {
      await listened
      await route.continue()
    })
    const { promise: read, resolve: endRead } = Promise.withResolvers<void>()
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
    await page.route(
      /\/v1\/documents\/role\?/,
      async (route) => {
        const response = await route.fetch()
        endRead()
        await answered
        await route.fulfill({ response })
      },
      { times: 1 },
    )
    await page.goto(`${world.server.url}/roles`)
    await read
    await world.client.applyDocuments({
      body: { text: 'kind: role\nversion: v8\nmetadata: {name: overtaken}\nspec: {allow: {}}', mode: 'create' },
    })
    // The server looks for changes once a second.
    await page.waitForTimeout(1_500)
    const listens = page.waitForResponse(/\/v1\/changes/)
    listen()
    await listens
    await page.waitForTimeout(200)
    answer()
    const table = page.getByRole('region', { name: 'Roles', exact: true })
    await table.getByRole('link', { name: 'overtaken' }).waitFor({ timeout: 10_000 })
  })

  it('is not drawn when it comes within a blink', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/roles')
    await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor()
    const visibility = await page.evaluate(`(() => {
      const skeleton = document.body.appendChild(document.createElement('div'))
      skeleton.className = 'skeleton'
      const at = (ms) => { skeleton.getAnimations()[0].currentTime = ms; return getComputedStyle(skeleton).visibility }
      return [at(0), at(149), at(152)]
    })()`)
    expect(visibility).toEqual(['hidden', 'hidden', 'visible'])
  })

  it('says of what could not be read again how old it is, and reads it when asked', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/users')
    await page.getByRole('region', { name: 'Users' }).getByRole('link').first().waitFor()
    await page.clock.install({ time: new Date() })
    await page.reload()
    await page.getByRole('region', { name: 'Users' }).getByRole('link').first().waitFor()
    await page.route('**/v1/**', (route) => route.abort())
    const old = page.getByText(/^As of .*It could not be read again since\.$/)
    // As somebody comes back to a window after a while.
    const comeBack = async (): Promise<void> => {
      await page.evaluate(`window.dispatchEvent(new Event('visibilitychange'))`)
    }
    await page.clock.fastForward('00:30')
    await comeBack()
    await page.getByRole('alert').first().waitFor()
    expect(await old.count()).toBe(0)
    await page.clock.fastForward('02:00')
    await old.waitFor()
    expect(await findAxeViolations(page)).toEqual([])
    await lookAt(page, 'as-of', 'brief')
    await page.unroute('**/v1/**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await old.waitFor({ state: 'detached' })
    await page.getByRole('alert').waitFor({ state: 'detached' })
  })

  it('has a title, a sentence and the way back where there is nothing of that name', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/users')
    for (const [path, what, back] of [
      ['/users/nobody@acme.example', 'user', 'Users'],
      ['/access-lists/none', 'access list', 'Access lists'],
      ['/access-lists/none/edit', 'access list', 'Access lists'],
      ['/reviews/none', 'access list', 'Reviews'],
      ['/roles/none', 'role', 'Roles'],
      ['/roles/none/edit', 'role', 'Roles'],
      ['/locks/none', 'lock', 'Locks'],
      ['/service-providers/none', 'service provider', 'Service providers'],
      ['/requests/none', 'access request', 'Requests'],
      ['/organizations/none/enrolment', 'enrolment', 'Organizations'],
    ] as const) {
      await page.goto(world.server.url + path)
      await page.getByRole('heading', { level: 1, name: `There is no such ${what}` }).waitFor()
      await page
        .getByRole('alert')
        .getByText(/there is no/i)
        .waitFor()
      await page.getByRole('link', { name: `Go to ${back}`, exact: true }).waitFor()
    }
    await lookAt(page, 'missing', 'brief')
    expect(await findAxeViolations(page)).toEqual([])
    await page.getByRole('link', { name: 'Go to Organizations' }).click()
    await page.getByRole('heading', { name: 'Organizations', level: 1 }).waitFor()
  })
})
