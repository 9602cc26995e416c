import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, globSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** `url` reaches the database `postgres` as a superuser. */
export type TestServer = { url: string; stop(): Promise<void> } | { missing: string }

const OLDEST_VERSION = 15
const READY_WITHIN_MS = 20_000

/**
 * A PostgreSQL server for tests: the one of `TEST_POSTGRES_URL`, or one started from the installed binaries on a
 * temporary folder, reachable by a socket in it only. It ends with this process, even one that is killed.
 */
export async function startPostgresServer(): Promise<TestServer> {
  const given = process.env['TEST_POSTGRES_URL']
  if (given) return { url: given, stop: async () => {} }
  const binaries = findBinaries()
  if (!binaries)
    return { missing: `PostgreSQL ${OLDEST_VERSION} or later is not installed, and TEST_POSTGRES_URL is not set` }
  const account = findAccount()
  if (account === undefined)
    return { missing: 'PostgreSQL does not run as root, and there is no user "postgres" for it' }

  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-postgres-'))
  if ('uid' in account) chownSync(folder, account.uid, account.gid)
  const cluster = join(folder, 'data')
  const environment = { ...process.env, LC_ALL: 'C' }
  execFileSync(
    join(binaries, 'initdb'),
    ['--no-sync', '--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C', `--pgdata=${cluster}`],
    { ...account, stdio: 'pipe', env: environment, cwd: folder },
  )
  // The server ends when its input does, which is what this process leaves behind however it ends.
  const untilInputEnds = '"$@" & server=$!; read -r _; kill -INT $server; wait $server; rm -rf "$0"'
  const command = [join(binaries, 'postgres'), ...settings(cluster, folder)]
  const server = spawn('/bin/sh', ['-c', untilInputEnds, folder, ...command], {
    ...account,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: environment,
    cwd: folder,
  })
  const url = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`
  const stop = async (): Promise<void> => {
    const ended = server.exitCode === null ? once(server, 'exit') : undefined
    server.stdin.end()
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  await waitUntilReady(join(folder, '.s.PGSQL.5432'), server.stderr)
  return { url, stop }
}

function settings(cluster: string, socketFolder: string): string[] {
  const values = [`unix_socket_directories=${socketFolder}`, 'listen_addresses=', 'fsync=off', 'max_connections=50']
  return ['-D', cluster, ...values.flatMap((value) => ['-c', value])]
}

function findBinaries(): string | undefined {
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'postgres'))
    .filter((file) => existsSync(file))
    .map((file) => dirname(realpathSync(file)))
  return [...globSync('/usr/lib/postgresql/*/bin').sort().reverse(), ...onPath].find(
    (folder) => existsSync(join(folder, 'initdb')) && versionOf(folder) >= OLDEST_VERSION,
  )
}

function versionOf(binaries: string): number {
  const text = execFileSync(join(binaries, 'postgres'), ['--version'], { encoding: 'utf8' })
  return Number(/(\d+)/.exec(text)?.[1] ?? 0)
}

/** Who PostgreSQL runs as, which must not be root: as root, the user that its packages make. */
function findAccount(): { uid: number; gid: number } | Record<never, never> | undefined {
  if (process.getuid?.() !== 0) return {}
  try {
    const id = (flag: string): number =>
      Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }))
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return undefined
  }
}

async function waitUntilReady(socket: string, output: NodeJS.ReadableStream): Promise<void> {
  let said = ''
  output.on('data', (text: Buffer) => (said += text.toString()))
  const deadline = performance.now() + READY_WITHIN_MS
  while (!said.includes('ready to accept connections') || !existsSync(socket)) {
    if (performance.now() > deadline) throw new Error(`PostgreSQL was not ready in time. It said: ${said}`)
    await sleep(20)
  }
}
