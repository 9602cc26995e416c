import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ended, launcher, run } from './run.ts'

export const ADMIN = 'ana@acme.example'
export const PASSWORD = 'correct horse battery'

export interface CliWorld extends AsyncDisposable {
  readonly url: string
  /** A home folder of the test's own. */
  home(name: string): Home
  /** Opens a one-time link as a browser does and sets the password of all tests. */
  setPassword(link: string): Promise<void>
}

/** One person's machine. */
export interface Home {
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  tctl(...args: readonly string[]): Promise<Ended>
  tsh(...args: readonly string[]): Promise<Ended>
  /** With something on stdin. */
  pipe(input: string, program: 'tctl' | 'tsh', ...args: readonly string[]): Promise<Ended>
  signIn(user?: string): Promise<Ended>
  /** The same machine with more in its environment. */
  with(environment: Readonly<Record<string, string>>): Home
}

/** A real server on a free port with data of its own, whose administrator has a password. */
export async function startServer(): Promise<CliWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-cli-'))
  const port = await freePort()
  const url = `http://localhost:${port}`
  const environment = { PATH: process.env['PATH'] ?? '', PORT: String(port) }
  spawnSync(launcher('gatehouse'), ['keys', 'init'], { cwd: folder, env: environment })
  const flags = ['serve', '--development', '--bootstrap-admin', ADMIN]
  const server = spawn(launcher('gatehouse'), flags, {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => server.on('close', () => resolve()))
  const link = await new Promise<string>((resolve, reject) => {
    let said = ''
    server.stderr.on('data', (data: Buffer) => {
      said += data.toString()
      const found = /(http:\/\/localhost:\d+\/set-password\/[\w-]+)/.exec(said)
      if (found?.[1] !== undefined && said.includes('"ready"')) resolve(found[1])
    })
    server.on('close', () => reject(new Error(`The server ended:\n${said}`)))
  })
  const world: CliWorld = {
    url,
    home: (name) => createHome(join(folder, name), url),
    async setPassword(address) {
      const form = new URLSearchParams({ password: PASSWORD, repeated: PASSWORD })
      const answer = await fetch(address, { method: 'POST', body: form, headers: { origin: url } })
      if (!answer.ok) throw new Error(`The link answered ${answer.status}: ${await answer.text()}`)
    },
    async [Symbol.asyncDispose]() {
      server.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await world.setPassword(link)
  return world
}

export function createHome(folder: string, url: string, more: Readonly<Record<string, string>> = {}): Home {
  const environment = { HOME: folder, ...more }
  return {
    folder,
    environment,
    with: (given) => createHome(folder, url, { ...more, ...given }),
    tctl: (...args) => run('tctl', args, { environment }),
    tsh: (...args) => run('tsh', args, { environment }),
    pipe: (input, program, ...args) => run(program, args, { environment, input }),
    signIn(user = ADMIN) {
      const file = `${folder}.password`
      writeFileSync(file, `${PASSWORD}\n`, { mode: 0o600 })
      return run('tsh', ['login', '--proxy', url, '--user', user, '--password-file', file], { environment })
    },
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
