import type { Page } from 'playwright-core'

/**
 * Opens an address and says how many milliseconds pass until something is drawn. The page itself looks, before each
 * frame: whoever waits from outside looks every half second in the end, which would be half of what is measured.
 *
 * @param isDrawn an expression of the page that is true when it is there
 */
export async function untilDrawn(page: Page, isDrawn: string): Promise<(url: string) => Promise<number>> {
  await page.addInitScript(`window.drawn = new Promise((resolve) => {
    const look = () => requestAnimationFrame(() => (${isDrawn}) ? setTimeout(() => resolve(Date.now()), 0) : look())
    look()
  })`)
  return async (url) => {
    const start = Date.now()
    await page.goto(url, { waitUntil: 'commit' })
    return Number(await page.evaluate('window.drawn')) - start
  }
}
