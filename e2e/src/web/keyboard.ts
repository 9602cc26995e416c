import type { Page } from 'playwright-core'

/** What somebody hears of the place where the keys are. */
export const labelOfFocus = async (page: Page): Promise<string> =>
  String(
    await page.evaluate(
      'document.activeElement?.labels?.[0]?.firstChild?.textContent ?? document.activeElement?.textContent ?? ""',
    ),
  )

const MOST_TABS = 80

/** Presses Tab until the focus is on what is called so. */
export async function tabTo(page: Page, label: string): Promise<void> {
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    if ((await labelOfFocus(page)) === label) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${MOST_TABS} presses of Tab do not lead to "${label}".`)
}
