import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const TSH = fileURLToPath(new URL('../../../bin/tsh', import.meta.url))
const ENDS_WITHIN_MS = 110_000

/** A `tsh login --browser` that runs. */
export interface BrowserLogin {
  /** What it prints for its person to type. */
  readonly code: string
  readonly ended: Promise<number | null>
  /** Everything so far. */
  said(): string
}

/** Resolves when it has printed its code. */
export async function startBrowserLogin(url: string, home: string): Promise<BrowserLogin> {
  const environment = { PATH: process.env['PATH'] ?? '', HOME: home }
  const child = spawn(TSH, ['login', '--proxy', url, '--browser'], { env: environment, timeout: ENDS_WITHIN_MS })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  let said = ''
  const code = await new Promise<string>((resolve, reject) => {
    const hear = (data: Buffer): void => {
      said += data.toString()
      const printed = /code {2}(\S+)/.exec(said)?.[1]
      if (printed !== undefined) resolve(printed)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('close', () => reject(new Error(`tsh login ended: ${said}`)))
  })
  return { code, ended, said: () => said }
}
