import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { picture } from './look-at.ts'
import { findAxeViolations, type WebWorld } from './web-world.ts'

/** The page at the address has come to rest, axe finds nothing wrong with it, and it needs no sideways scrolling. */
export async function expectToFit(page: Page, { server }: Pick<WebWorld, 'server'>, path: string): Promise<void> {
  await page.goto(server.url + path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForLoadState('networkidle')
  const width = page.viewportSize()?.width ?? 0
  const scheme = String(await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'"))
  await picture(page, `${path.replaceAll(/[^\w-]+/g, '_').slice(0, 80)}-${scheme}-${width}`)
  expect(await findAxeViolations(page), path).toEqual([])
  const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  expect(overflow, path).toBeLessThanOrEqual(0)
}

/** Axe finds nothing wrong with the page as it stands, dark and then light. */
export async function expectNoViolations(page: Page): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await findAxeViolations(page), colorScheme).toEqual([])
  }
}
