import { afterAll, describe, expect, it } from 'vitest'
import { ORGANIZATION } from '../harness/enrol.ts'
import { inBrowser } from './in-browser.ts'
import { ADMINISTRATOR, findAxeViolations, startWebWorld, type WebWorld } from './web-world.ts'

describe('what stands around every page', { timeout: 60_000 }, () => {
  let world: WebWorld
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName, { isStarted: false })
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  it('is a rail of icons when somebody wants the room, also after a reload', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/roles')
    const link = page.getByRole('link', { name: 'Access lists', exact: true })
    const width = async (): Promise<number> => (await page.locator('.rail').boundingBox())?.width ?? 0
    await link.waitFor()
    expect(await width()).toBe(220)
    await page.getByRole('button', { name: 'Icons only' }).click()
    await page.reload()
    await link.waitFor()
    expect(await width()).toBe(56)
    expect(await findAxeViolations(page)).toEqual([])
    await link.click()
    await page.getByRole('heading', { name: 'Access lists', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Show names' }).click()
    expect(await width()).toBe(220)
    expect(complaints).toEqual([])
  })

  it('moves for less than a blink, and not at all for whoever asks for no motion', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/resources')
    const slowest = (): Promise<number> =>
      page.evaluate(
        `Math.max(...[...document.querySelectorAll('*')].flatMap((one) => {
          const { transitionDuration, animationDuration } = getComputedStyle(one)
          return [transitionDuration, animationDuration].flatMap((all) => all.split(',').map(parseFloat))
        }))`,
      ) as Promise<number> // of numbers
    for (const path of ['/resources', '/access-lists', `/organizations/${ORGANIZATION}`, '/users?add=true']) {
      await page.goto(world.server.url + path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
      await page.emulateMedia({ reducedMotion: 'no-preference' })
      expect(await slowest(), path).toBeLessThanOrEqual(0.15)
      await page.emulateMedia({ reducedMotion: 'reduce' })
      expect(await slowest(), path).toBe(0)
    }
  })

  it('begins with the first steps also in a browser that keeps nothing', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, '/account')
    await page.addInitScript(
      `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('forbidden', 'SecurityError') } })`,
    )
    await page.goto(world.server.url)
    await page.getByRole('button', { name: 'Put the first steps away' }).click()
    await page.getByRole('heading', { name: /^First steps/ }).waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  it('explains what the pointer rests on or the keys have led to, until Escape, and what has changed of it', async () => {
    const { page, complaints } = await world.open(ADMINISTRATOR, `/users/${ADMINISTRATOR}`)
    const tip = page.getByRole('tooltip')
    const time = page.getByRole('time').first()
    await time.waitFor()
    // What comes late moves what the pointer rests on away from it.
    await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
    await time.hover()
    await tip.waitFor()
    expect(await time.getAttribute('aria-describedby')).toBe(await tip.locator('[id]').getAttribute('id'))
    expect(await findAxeViolations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await tip.waitFor({ state: 'detached' })
    const scheme = page.getByRole('button', { name: /^Use dark colours/ })
    await page.getByRole('heading', { level: 1 }).hover()
    await scheme.focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Shift+Tab')
    await tip.getByText('Use dark colours').waitFor()
    await page.keyboard.press('Enter')
    await tip.getByText('Use light colours').waitFor()
    await page.keyboard.press('Tab')
    await tip.getByText(ADMINISTRATOR).waitFor()
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Account' }).click()
    await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor()
    await page.getByRole('heading', { level: 1 }).hover()
    await tip.waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  it('follows the address also where somebody has typed', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/access-lists')
    const field = page.getByRole('searchbox')
    await field.fill('nothing of that name')
    await page.waitForURL(/search=nothing/)
    await page.getByRole('link', { name: 'Access lists', exact: true }).click()
    await page.waitForURL((url) => url.search === '')
    await expect.poll(() => field.inputValue()).toBe('')
    await page.getByRole('heading', { name: 'Access lists', level: 1 }).waitFor()
    expect(await page.getByText('nothing of that name').count()).toBe(0)
  })

  it('says where a page belongs, and leads back there', async () => {
    const { page } = await world.open(ADMINISTRATOR, `/organizations/${ORGANIZATION}/edit`)
    const crumbs = page.getByRole('navigation', { name: 'Breadcrumb' })
    await crumbs.waitFor()
    expect(await crumbs.getByRole('link').allTextContents()).toEqual(['Organizations', ORGANIZATION])
    await crumbs.getByRole('link', { name: ORGANIZATION }).click()
    await page.getByRole('tab', { name: 'Plan' }).waitFor()
    await crumbs.getByRole('link', { name: 'Organizations' }).click()
    await page.getByRole('heading', { name: 'Organizations', level: 1 }).waitFor()
    expect(await crumbs.count()).toBe(0)
  })

  it('stays when a page can not be shown, and says what that means and what to do', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/roles')
    await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor()
    const part = /\/locks-page-.*\.js$/
    await page.route(part, (route) => route.fulfill({ status: 404 }))
    await page.getByRole('link', { name: 'Locks', exact: true }).click()
    await page.getByRole('heading', { name: 'This page could not be shown' }).waitFor()
    expect(await page.textContent('main')).not.toMatch(/something went wrong/i)
    expect(await findAxeViolations(page)).toEqual([])
    await page.unroute(part)
    await page.getByRole('button', { name: 'Reload the page' }).click()
    await page.getByRole('heading', { name: 'Locks', level: 1 }).waitFor()
  })

  it('reads itself anew when an upgrade has taken a part of it away', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/roles')
    await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor()
    let isGone = true
    await page.route(/\/audit-page-.*\.js$/, (route) => (isGone ? route.fulfill({ status: 404 }) : route.continue()))
    page.once('framenavigated', () => (isGone = false))
    await page.getByRole('link', { name: 'Audit log', exact: true }).click()
    await page.getByRole('heading', { name: 'Audit log', level: 1 }).waitFor()
    expect(isGone).toBe(false)
  })
})
