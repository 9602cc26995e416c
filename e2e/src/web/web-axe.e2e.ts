import { afterAll, describe, expect, it } from 'vitest'
import { addressOf, EVERY_PAGE, plantEverything } from './every-page.ts'
import { expectNoViolations } from './expect-to-fit.ts'
import type { Planted } from './hostile.ts'
import { inBrowser } from './in-browser.ts'
import { picture } from './look-at.ts'
import { ADMINISTRATOR, REVIEWER, startWebWorld, type WebWorld } from './web-world.ts'

describe('in both schemes', { timeout: 300_000 }, () => {
  let world: WebWorld
  let planted: Planted
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName)
    planted = await plantEverything(world)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  it.each(EVERY_PAGE)('has nothing for axe to complain of on any page of %s', async (user, paths) => {
    const { page, complaints } = await world.open(user, '/account')
    for (const path of paths) {
      await page.goto(world.server.url + addressOf(path, planted))
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForLoadState('networkidle')
      await expectNoViolations(page)
    }
    expect(complaints).toEqual([])
  })

  it('has nothing for axe to complain of where somebody is refused an application', async () => {
    const { page } = await world.open(REVIEWER, '/account')
    const answer = await page.goto(`${world.server.url}/saml/login/hostile-provider`)
    expect(answer?.status()).toBe(403)
    await page.getByRole('heading', { name: 'No access' }).waitFor()
    await picture(page, 'saml-no-access')
    await expectNoViolations(page)
    await page.goto(`${world.server.url}/saml/login/nothing-of-that-name`)
    await expectNoViolations(page)
  })

  it('has nothing for axe to complain of in the details of an event', async () => {
    const { items } = await world.client.listAuditEvents({ query: { limit: 1 } })
    const { page } = await world.open(ADMINISTRATOR, `/audit?details=${items[0]?.uid}`)
    await page.getByRole('dialog').getByText('In the chain').waitFor()
    await expectNoViolations(page)
  })
})
