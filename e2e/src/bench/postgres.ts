import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '../harness/wait-for.ts'
import { NotRun } from './measurement.ts'

/** A PostgreSQL server of our own, reachable by a socket only. */
interface Postgres extends AsyncDisposable {
  readonly url: string
  readonly version: string
  /** Runs statements as the owner of everything. */
  run(statements: string): void
}

const SETTINGS = ['listen_addresses=', 'max_connections=50']

/** @throws NotRun when PostgreSQL is not installed */
export async function startPostgres(): Promise<Postgres> {
  const binaries = globSync('/usr/lib/postgresql/*/bin').find((folder) => existsSync(join(folder, 'initdb')))
  if (binaries === undefined) throw new NotRun('PostgreSQL is not installed')
  const version = execFileSync(join(binaries, 'postgres'), ['--version'], { encoding: 'utf8' }).trim().split(' ')[2]
  const account = findAccount()
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-postgres-'))
  if (account) chownSync(folder, account.uid, account.gid)
  const data = join(folder, 'data')
  const environment = { ...account, cwd: folder, env: { ...process.env, LC_ALL: 'C' } }
  const initdb = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C', `--pgdata=${data}`]
  execFileSync(join(binaries, 'initdb'), initdb, { ...environment, stdio: 'pipe' })
  const options = [...SETTINGS, `unix_socket_directories=${folder}`].flatMap((setting) => ['-c', setting])
  const server = spawn(join(binaries, 'postgres'), ['-D', data, ...options], { ...environment, stdio: 'ignore' })
  const ended = once(server, 'exit')
  await waitFor('PostgreSQL to listen', () => (existsSync(join(folder, '.s.PGSQL.5432')) ? true : undefined))
  return {
    url: `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`,
    version: version ?? '',
    run(statements) {
      const where = ['--host', folder, '--username', 'postgres', '--dbname', 'postgres']
      execFileSync(join(binaries, 'psql'), [...where, '--quiet', '--set', 'ON_ERROR_STOP=1', '--command', statements], {
        ...environment,
        stdio: 'pipe',
      })
    },
    async [Symbol.asyncDispose]() {
      server.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** PostgreSQL does not run as root: then the user that its packages make. */
function findAccount(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }))
  try {
    return { uid: id('-u'), gid: id('-g') }
  } catch (cause) {
    throw new NotRun('PostgreSQL does not run as root, and there is no user "postgres" for it', { cause })
  }
}
