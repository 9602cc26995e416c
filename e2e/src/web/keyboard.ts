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

/** Which element has the keys, and what it is called; `nowhere` when they are lost. */
export const placeOfFocus = async (page: Page): Promise<string> =>
  String(
    await page.evaluate(
      `(({ activeElement: at, body }) => at === null || at === body ? 'nowhere' :
        (at.getAttribute('role') ?? at.localName) + ' ' + (at.getAttribute('aria-label') ?? at.textContent))(document)`,
    ),
  )
