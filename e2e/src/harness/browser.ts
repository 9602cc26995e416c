import { spawnSync } from 'node:child_process'
import { type Browser, chromium, type Page } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

/** The browser that this machine has, if it has one. */
export const findBrowser = (): string | undefined =>
  NAMES.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0)

/** A real browser without a window; each person gets pages with cookies of their own. */
export async function startBrowser(name: string): Promise<Browser> {
  const executablePath = spawnSync('sh', ['-c', 'command -v "$0"', name], { encoding: 'utf8' }).stdout.trim()
  // As root Chromium has no sandbox of its own; the pages are ours.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
}

/** Fills in the form of Gatehouse's sign-in page. */
export async function fillSignIn(
  page: Page,
  person: { readonly user: string; readonly password: string },
): Promise<void> {
  await page.getByLabel('User name').fill(person.user)
  await page.getByLabel('Password').fill(person.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}
