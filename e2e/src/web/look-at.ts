import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { findAxeViolations } from './web-world.ts'

/** 320 pixels are a laptop at four hundred per cent. */
const LOOKS = [
  ['light', 1280],
  ['dark', 1280],
  ['light', 320],
  ['dark', 320],
] as const
/** For what differs from a page that was looked at in all four. */
const BRIEF_LOOKS = [
  ['light', 1280],
  ['dark', 320],
] as const

/** A folder for pictures of what is looked at, as `npm run e2e` names one; other runs only go through what people do. */
const pictures = process.env['GATEHOUSE_PICTURES']

/** The page as it stands, in both schemes, wide and narrow: axe finds nothing wrong, and nothing needs sideways scrolling. */
export async function lookAt(page: Page, name: string, looks: 'all' | 'brief' = 'all'): Promise<void> {
  if (pictures === undefined) return
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
  for (const [colorScheme, width] of looks === 'all' ? LOOKS : BRIEF_LOOKS) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 800 })
    await picture(page, `${name}-${colorScheme}-${width}`)
    expect.soft(await findAxeViolations(page), `${name} ${colorScheme} ${width}`).toEqual([])
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    expect.soft(overflow, `${name} ${width}`).toBeLessThanOrEqual(0)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 800 })
}

/** Kept with a run that has a folder for them. */
export async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return
  await page.evaluate('scrollTo(0, 0)')
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
}
