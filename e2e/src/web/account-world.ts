import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { startBrowser } from '../harness/browser.ts'
import { type Server, startServer } from '../harness/server.ts'
import type { Look } from './web-world.ts'

export const ADMINISTRATOR = 'eva@acme.example'
export const PASSWORD = 'correct horse battery staple'
const TSH = fileURLToPath(new URL('../../../bin/tsh', import.meta.url))

/** A server that nobody has signed in to yet, with no AWS behind it, and browsers. */
export interface AccountWorld extends AsyncDisposable {
  readonly server: Server
  /** A window of nobody in particular, and everything that the browser complained of. */
  window(look?: Look): Promise<{ readonly page: Page; readonly complaints: string[] }>
  /** A `tsh login --browser` that runs, and the code that it prints. */
  startLogin(): Promise<{ readonly code: string; readonly ended: Promise<number | null>; said(): string }>
}

export async function startAccountWorld(browserName: string): Promise<AccountWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-account-'))
  const server = await startServer({ folder, bootstrapAdmin: ADMINISTRATOR })
  const browser = await startBrowser(browserName)
  return {
    server,
    window: (look = {}) => openWindow(browser, look),
    startLogin: () => startLogin(server, folder),
    async [Symbol.asyncDispose]() {
      await browser.close()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function openWindow(browser: Browser, { width = 1280, height = 800, scheme = 'light' }: Look) {
  const look = { viewport: { width, height }, colorScheme: scheme, reducedMotion: 'reduce', locale: 'en-US' } as const
  const page = await (await browser.newContext(look)).newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, complaints }
}

async function startLogin({ url }: Server, folder: string) {
  const environment = { PATH: process.env['PATH'] ?? '', HOME: mkdtempSync(join(folder, 'home-')) }
  const child = spawn(TSH, ['login', '--proxy', url, '--browser'], { env: environment, timeout: 60_000 })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const code = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', () => {
      const printed = /code {2}(\S+)/.exec(said)?.[1]
      if (printed !== undefined) resolve(printed)
    })
    child.on('close', () => reject(new Error(`tsh login ended: ${said}`)))
  })
  return { code, ended, said: () => said }
}
