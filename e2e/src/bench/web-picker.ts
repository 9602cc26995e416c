import type { Page } from 'playwright-core'
import { findBrowser } from '../harness/browser.ts'
import { ENGINEER, startWebWorld } from '../web/web-world.ts'
import { type Bench, type Measurement, NotRun, rounded } from './measurement.ts'
import { untilDrawn } from './until-drawn.ts'

const KEYS = 'account-0123'
const OPENINGS = 5
const OPEN_LIMIT_MS = 1_000
const KEY_LIMIT_MS = 100

/** What may be asked for in a large organization, in Chromium: from the address to the first tick box, and from a key to the new list. */
export const webPicker: Bench = async ({ isQuick, say }): Promise<readonly Measurement[]> => {
  const browserName = findBrowser()
  if (browserName === undefined) throw new NotRun('there is no Chromium here')
  const accounts = isQuick ? 500 : 5_000
  await using world = await startWebWorld(browserName, {
    isStarted: false,
    seed: `generated:${accounts}x50x1x1x0`,
    sandboxArgs: [
      '--sso-tps',
      '2000',
      '--sso-burst',
      '2000',
      '--organizations-list-tps',
      '2000',
      '--organizations-list-burst',
      '2000',
    ],
  })
  say(`${accounts} accounts are read`)
  const opened: number[] = []
  const keys: number[] = []
  const { page } = await world.open(ENGINEER, '/requests')
  const open = await untilDrawn(page, `document.querySelector('main input[aria-label^="Ask for "]')`)
  for (let i = 0; i < OPENINGS; i++) {
    opened.push(await open(`${world.server.url}/resources?requestable=true`))
    if (i === OPENINGS - 1) for (const key of KEYS) keys.push(await press(page, key))
  }
  const note = `${accounts} accounts x 50 permission sets that may be asked for, Chromium and server on the same machine`
  return [
    {
      name: 'picker-5000x50',
      value: rounded(Math.max(...opened)),
      unit: 'ms',
      better: 'lower',
      limit: OPEN_LIMIT_MS,
      note: `${note}; from the address to the first tick box, longest of ${OPENINGS}: ${opened.map(Math.round).join(', ')}`,
    },
    {
      name: 'picker-key',
      value: rounded(Math.max(...keys)),
      unit: 'ms',
      better: 'lower',
      limit: KEY_LIMIT_MS,
      note: `${note}; from a key to the new list, longest of ${keys.length}: ${keys.map(Math.round).join(', ')}`,
    },
  ]
}

/** Time in the page: from the key's event until what it changes has been drawn. */
async function press(page: Page, key: string): Promise<number> {
  await page.getByLabel('Search accounts and permission sets').focus()
  await page.evaluate(`
    window.drawn = new Promise((resolve) => {
      document.activeElement.addEventListener('input', () => {
        const start = performance.now()
        const done = () => resolve(performance.now() - start)
        const look = () => requestAnimationFrame(() => document.querySelector('main [aria-busy=true]') ? look() : setTimeout(done, 0))
        requestAnimationFrame(look)
      }, { once: true })
    }); undefined`)
  await page.keyboard.press(key)
  return Number(await page.evaluate('window.drawn'))
}
