import type { Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { addressOf, EVERY_PAGE, HOSTILE_LIST, plantEverything } from './every-page.ts'
import { type Planted, USER } from './hostile.ts'
import { inBrowser } from './in-browser.ts'
import { picture } from './look-at.ts'
import { ADMINISTRATOR, startWebWorld, type WebWorld } from './web-world.ts'

/** A laptop of 1280 by 1024 at four hundred per cent. */
const ZOOMED = { width: 320, height: 256 }

describe('four hundred per cent', { timeout: 90_000 }, () => {
  let world: WebWorld
  let planted: Planted
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName)
    planted = await plantEverything(world)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  it.each(EVERY_PAGE)('shows %s every page with nothing beside the screen', async (user, paths) => {
    const { page, complaints } = await world.open(user, '/account', ZOOMED)
    for (const path of paths) {
      await page.goto(world.server.url + addressOf(path, planted))
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForLoadState('networkidle')
      await expectNothingBeside(page, path)
    }
    expect(complaints).toEqual([])
  })

  it('lets every entry of the navigation be reached, and every button of a dialog', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/users', ZOOMED)
    await page.getByRole('button', { name: 'Show the navigation' }).click()
    await expectReachable(page, 'link', 'Audit log')
    await page.getByRole('button', { name: 'Show the navigation' }).click()
    await page.getByRole('button', { name: 'Create user' }).click()
    await expectReachable(page, 'button', 'Leave it')
    await expectNothingBeside(page, 'create user')
    await page.goto(`${world.server.url}/locks?user=${USER}`)
    await page.getByRole('dialog').waitFor()
    await expectReachable(page, 'button', 'Leave it')
    await expectNothingBeside(page, 'lock')
    await page.getByRole('dialog').getByRole('button', { name: 'Create lock' }).click()
    await expectReachable(page, 'button', 'Go back')
    await page.goto(`${world.server.url}/service-providers`)
    await page.getByRole('button', { name: 'Add service provider' }).click()
    await expectReachable(page, 'button', 'Leave it')
    await expectNothingBeside(page, 'service provider')
    await page.goto(world.server.url + HOSTILE_LIST)
    await page.getByRole('button', { name: 'More' }).click()
    await expectReachable(page, 'menuitem', 'Delete list')
    await page.goto(world.server.url)
    await page.getByRole('button', { name: 'Search or jump to' }).click()
    await page.getByRole('textbox', { name: 'Search or jump to' }).fill('audit')
    await page.getByRole('button', { name: /^Audit log/ }).click()
    await page.waitForURL('**/audit')
  })
})

/** Nothing but tables, code and graphs in boxes of their own is wider than the screen, and nothing scrolls both ways. */
async function expectNothingBeside(page: Page, what: string): Promise<void> {
  await picture(page, `zoom-${what.replaceAll(/\W+/g, '-')}`)
  const found = await page.evaluate(`(() => {
    const isVisible = (element) => element.checkVisibility({ visibilityProperty: true })
    const beside = []
    if (document.documentElement.scrollWidth > innerWidth) beside.push('the page')
    for (const element of document.querySelectorAll('a, button, input, textarea, select, h1, h2, h3, p, dd, label, li')) {
      if (!isVisible(element) || element.closest('.table-frame, .tall, pre, .editor, .skip, [aria-hidden=true]')) continue
      const { left, right, width } = element.getBoundingClientRect()
      if (width > 1 && (left < -1 || right > innerWidth + 1)) beside.push(element.tagName + ' ' + element.className + ' ' + element.textContent.slice(0, 40))
    }
    for (const element of document.querySelectorAll('body *')) {
      const { overflowX, overflowY, textOverflow } = getComputedStyle(element)
      if (!isVisible(element) || element.closest('.table-frame, .tall, pre, textarea, .editor, svg')) continue
      const [isWide, isHigh] = [element.scrollWidth > element.clientWidth + 1, element.scrollHeight > element.clientHeight + 1]
      const scrolls = (overflow) => overflow === 'auto' || overflow === 'scroll'
      if (scrolls(overflowX) && scrolls(overflowY) && isWide && isHigh) beside.push('both ways: ' + element.className)
      if (overflowX === 'hidden' && textOverflow === 'clip' && isWide && element.clientWidth > 30 && element.innerText?.trim()) beside.push('cut: ' + element.className + ' ' + element.textContent.slice(0, 40))
    }
    return [...new Set(beside)]
  })()`)
  expect.soft(found, what).toEqual([])
}

/** It can be scrolled to, and then nothing stands before it. */
async function expectReachable(page: Page, role: 'link' | 'button' | 'menuitem', name: string): Promise<void> {
  const target = page.getByRole(role, { name, exact: true })
  await target.scrollIntoViewIfNeeded()
  await target.click({ trial: true, timeout: 5_000 })
}
