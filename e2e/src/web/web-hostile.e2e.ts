import { afterAll, describe, expect, it } from 'vitest'
import { addressOf, HOSTILE_LIST, PAGES } from './every-page.ts'
import { findReversed, findTall, makeHostile, type Planted, plantHostile, USER } from './hostile.ts'
import { inBrowser } from './in-browser.ts'
import { picture } from './look-at.ts'
import { ADMINISTRATOR, ENGINEER, startWebWorld, type WebWorld } from './web-world.ts'

describe('names that mean harm', { timeout: 180_000 }, () => {
  let world: WebWorld
  let planted: Planted
  inBrowser(async (browserName) => {
    world = await startWebWorld(browserName)
    const { client, sandbox } = world
    planted = await plantHostile(client, { sandbox, engineer: () => world.signIn(ENGINEER) })
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  it('are shown in questions as the text they are, cut and isolated', async () => {
    const { page } = await world.open(ADMINISTRATOR, '/account', { width: 320 })
    await makeHostile(page)
    const dialog = page.getByRole('dialog')
    const ask = async (path: string, ...buttons: readonly (string | RegExp)[]): Promise<void> => {
      await page.goto(world.server.url + path)
      if (path === '/drift') await page.getByRole('checkbox').check()
      for (const name of buttons)
        await page.getByRole('button', { name }).or(page.getByRole('menuitem', { name })).click()
      await dialog.waitFor()
      await page.waitForLoadState('networkidle')
      await picture(
        page,
        `hostile-question-${path.replaceAll(/\W+/g, '-')}-${String(buttons.at(-1)).replaceAll(/\W+/g, '-')}`,
      )
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      expect.soft(overflow, `${path} overflows`).toBeLessThanOrEqual(0)
      expect.soft(await findTall(page), `${path} is tall`).toEqual([])
      expect.soft(await findReversed(page), `${path} is reversed`).toEqual([])
      expect.soft(await page.locator('img[src="x"]').count(), path).toBe(0)
    }
    await ask(HOSTILE_LIST, 'Add member')
    await ask(HOSTILE_LIST, /^Remove /)
    await ask(HOSTILE_LIST, 'More', 'Delete list')
    await ask('/roles/hostile-role', 'More', 'Delete role')
    await ask(`/users/${USER}`, 'Edit user')
    await ask(`/users/${USER}`, 'More', 'Delete user')
    await ask('/locks', /^Remove the lock on /)
    await ask('/service-providers/hostile-provider', 'More', 'Delete service provider')
    await ask('/drift', 'Take back 1 in AWS')
    await ask('/drift', 'Keep 1 here, too')
    await ask('/', 'Search or jump to')
  })

  it.each(PAGES)('are shown to %s as the text they are, cut and isolated, wide and narrow', async (user, paths) => {
    const { page, complaints } = await world.open(user, '/account')
    await makeHostile(page)
    for (const path of paths) {
      await page.goto(world.server.url + addressOf(path, planted))
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForLoadState('networkidle')
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 800 })
        // Charts take their new width with the next picture.
        await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))')
        await picture(page, `hostile-${user.split('@')[0]}-${path.replaceAll(/\W+/g, '-')}-${width}`)
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        expect.soft(overflow, `${path} ${width} overflows`).toBeLessThanOrEqual(0)
        expect.soft(await findTall(page), `${path} ${width} is tall`).toEqual([])
      }
      expect.soft(await findReversed(page), `${path} is reversed`).toEqual([])
      expect.soft(await page.locator('img[src="x"]').count(), path).toBe(0)
      expect.soft(await page.title(), path).not.toBe('owned')
    }
    expect.soft(complaints.filter((text) => !/Failed to load resource: .* 40[04]/.test(text))).toEqual([])
  })
})
