import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-main-'))
const running = new Set<ChildProcess>()
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
})

interface Run {
  readonly child: ChildProcess
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>
  /** Resolves when stderr holds the text. */
  says(text: string): Promise<string>
}

function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...environment },
  })
  running.add(child)
  let [out, err] = ['', '']
  const listeners = new Set<() => void>()
  child.stdout.on('data', (data: Buffer) => (out += data.toString()))
  child.stderr.on('data', (data: Buffer) => {
    err += data.toString()
    for (const look of listeners) look()
  })
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.on('close', (code) => {
      running.delete(child)
      resolve({ code, out, err })
      for (const look of listeners) look()
    }),
  )
  return {
    child,
    ended,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (err.includes(text)) resolve(err)
          else if (child.exitCode !== null) reject(new Error(`it ended without saying "${text}":\n${err}`))
        }
        listeners.add(look)
        look()
      }),
  }
}
const ACTS = 'this process acts on AWS from now on'

/** When a message was logged, in milliseconds. */
function logged(err: string): (message: string) => number {
  const lines = err.split('\n').filter((line) => line.startsWith('{'))
  const entries = lines.map((line) => JSON.parse(line) as { time: string; msg: string })
  return (wanted) => Date.parse(entries.find(({ msg }) => msg === wanted)?.time ?? '')
}
const run = (...args: string[]) => start(args).ended

let port: number
beforeAll(async () => {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
  await new Promise((resolve) => probe.close(resolve))
})

describe('gatehouse', () => {
  it('says its version, also for programs', async () => {
    expect(JSON.parse((await run('version', '-o', 'json')).out)).toMatchObject({
      version: expect.any(String) as string,
    })
  })
  it('exits with 2 when it is called wrongly', async () => {
    const results = await Promise.all([run('sreve'), run('serve', '--prot', '1'), run('config', 'check')])
    expect(results.map(({ code }) => code)).toEqual([2, 2, 2])
    expect(results[0]?.err).toContain('serve')
    expect(results[2]?.err).toContain('GATEHOUSE_PUBLIC_ADDRESS')
    expect(results.map(({ out }) => out).join('')).toBe('')
  })
  it('refuses to start without a secret key, or with one that others can read (D7: keys)', async () => {
    const serve = ['serve', '--development', '--listen-port', String(port)]
    expect(await run(...serve)).toMatchObject({
      code: 1,
      err: expect.stringContaining('gatehouse keys init') as string,
    })
    expect((await run('keys', 'init')).code).toBe(0)
    const file = join(folder, 'gatehouse.key')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await run('keys', 'init')).toMatchObject({ code: 1, err: expect.stringContaining('already') as string })
    chmodSync(file, 0o640)
    expect(await run(...serve)).toMatchObject({ code: 1, err: expect.stringContaining('chmod 600') as string })
    chmodSync(file, 0o600)
  })
  it('says which database server does not answer, and never its password', async () => {
    const DATABASE_URL = `postgres://gatehouse:hunter2@127.0.0.1:${port}/gatehouse`
    const { code, err } = await start(['serve', '--development'], { DATABASE_URL }).ended
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('ECONNREFUSED') as string })
    expect(err).toContain('databaseUrl')
    expect(err).not.toMatch(/hunter2|\n    at /)
  })
  it('starts, makes the first administrator, tells of a busy port, and stops on SIGTERM', async () => {
    const flags = ['serve', '--development', '--bootstrap-admin', 'ana@acme.example']
    const server = start(flags, { PORT: String(port) })
    const err = await server.says('"ready"')
    expect(err).toMatch(new RegExp(`http://localhost:${port}/set-password/[\\w-]{43}\n`))
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200)

    const [sameFolder, samePort] = await Promise.all([
      start(flags, { PORT: '0' }).ended,
      start([...flags, '--data-dir', 'other'], { PORT: String(port) }).ended,
    ])
    expect(sameFolder).toMatchObject({ code: 1, err: expect.stringContaining('in use by another process') as string })
    expect(samePort).toMatchObject({ code: 1, err: expect.stringContaining('--listen-port') as string })

    server.child.kill('SIGTERM')
    expect(await server.ended).toMatchObject({ code: 0, out: '', err: expect.stringContaining('"stopped"') as string })
    expect(await run('audit', 'verify', '--development')).toMatchObject({
      code: 0,
      out: expect.stringContaining('intact') as string,
    })
  }, 60_000)
  it('finds no log intact where there is none', async () => {
    const verified = await run('audit', 'verify', '--development', '--data-dir', 'nowhere')
    expect(verified).toMatchObject({ code: 1, out: '', err: expect.stringContaining('--data-dir') as string })
    expect(existsSync(join(folder, 'nowhere'))).toBe(false)
  })
  it('acts on AWS at once when it is started again after SIGKILL', async () => {
    const flags = ['serve', '--development', '--data-dir', 'killed']
    const first = start(flags, { PORT: String(port) })
    await first.says(ACTS)
    first.child.kill('SIGKILL')
    await first.ended

    const second = start(flags, { PORT: String(port) })
    const times = logged(await second.says(ACTS))
    // The lease of the first process lasts for ten seconds, most of which are left.
    expect(times(ACTS) - times('ready')).toBeLessThan(2_000)
    second.child.kill('SIGTERM')
    await second.ended
  })
})
