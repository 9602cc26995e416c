import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { type BrowserLogin, startBrowserLogin } from '../harness/browser-login.ts'
import { startBrowser } from '../harness/browser.ts'
import { type Server, startServer } from '../harness/server.ts'

export const ADMINISTRATOR = 'eva@acme.example'
export const PASSWORD = 'correct horse battery staple'

/** A server that nobody has signed in to yet, with no AWS behind it, and browsers. */
export interface AccountWorld extends AsyncDisposable {
  readonly server: Server
  /** A window of nobody in particular, and everything that the browser complained of. */
  window(): Promise<{ readonly page: Page; readonly complaints: string[] }>
  startLogin(): Promise<BrowserLogin>
}

export async function startAccountWorld(browserName: string): Promise<AccountWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-account-'))
  const server = await startServer({ folder, bootstrapAdmin: ADMINISTRATOR })
  const browser = await startBrowser(browserName)
  return {
    server,
    window: () => openWindow(browser),
    startLogin: () => startBrowserLogin(server.url, mkdtempSync(join(folder, 'home-'))),
    async [Symbol.asyncDispose]() {
      await browser.close()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function openWindow(browser: Browser) {
  const viewport = { width: 1280, height: 800 }
  const look = { viewport, colorScheme: 'light', reducedMotion: 'reduce', locale: 'en-US' } as const
  const page = await (await browser.newContext(look)).newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, complaints }
}
