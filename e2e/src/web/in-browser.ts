import { beforeAll, beforeEach } from 'vitest'
import { findBrowser } from '../harness/browser.ts'

const browserName = findBrowser()

/** Prepares the tests of a block with the browser that this machine has; where it has none, they are skipped with that reason. */
export function inBrowser(prepare: (browserName: string) => Promise<void>): void {
  beforeEach((test) => {
    if (browserName === undefined) test.skip('there is no Chromium here')
  })
  beforeAll(async () => {
    if (browserName !== undefined) await prepare(browserName)
  }, 120_000)
}
