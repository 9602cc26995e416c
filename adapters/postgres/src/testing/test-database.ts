import { createHash, randomUUID } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { Database } from '../engine/database.ts'
import { migrate } from '../engine/migrate.ts'
import { databaseOverEngine, openEmbeddedDatabase } from '../engine/open-embedded-database.ts'
import { openPostgres } from '../engine/open-postgres.ts'
import { readMigrations } from '../engine/read-migrations.ts'
import { startEngineWorker } from '../engine/start-engine-worker.ts'
import { memoryStartParameters } from '../engine/start-parameters.ts'
import { rememberContent } from './remember-content.ts'

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url))
const CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/gatehouse', import.meta.url))

export interface TestDatabase<Tables> extends AsyncDisposable {
  readonly database: Database<Tables>
  /** Makes it as it was after the last migration. */
  empty(): Promise<void>
}

/**
 * A database for one test file, migrated by the package's folder, another or none (`null`): embedded and in memory, or one of its own on the server with this URL. The
 * first call makes a template, which takes seconds; later ones, of other processes too, start from that.
 */
export async function createTestDatabase<Tables>(
  options: { url?: string; migrations?: string | null } = {},
): Promise<TestDatabase<Tables>> {
  const migrations = options.migrations === undefined ? MIGRATIONS : options.migrations
  const name = await templateName(migrations)
  const opened =
    options.url === undefined
      ? await openInMemory<Tables>(name, migrations)
      : await openOnServer<Tables>(options.url, name, migrations)
  const restore = await rememberContent(opened.database)
  return { database: opened.database, empty: restore, [Symbol.asyncDispose]: opened.close }
}

interface Opened<Tables> {
  database: Database<Tables>
  close: () => Promise<void>
}

/** Two templates are the same when everything that goes into them is. */
async function templateName(migrations: string | null): Promise<string> {
  const files = migrations === null ? [] : await readMigrations(migrations)
  const engine = readFileSync(
    join(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')), '../package.json'),
  )
  const hash = createHash('sha256').update(engine).update(memoryStartParameters.join())
  for (const { name, sha256 } of files) hash.update(name).update(sha256)
  return `gatehouse_template_${hash.digest('hex').slice(0, 16)}`
}

async function openInMemory<Tables>(name: string, migrations: string | null): Promise<Opened<Tables>> {
  const file = join(CACHE, `${name}.tar`)
  const template = readIfPresent(file) ?? (await makeTemplate(file, migrations))
  const database = await openEmbeddedDatabase<Tables>({ memory: true, template })
  return { database, close: () => database.close() }
}

function readIfPresent(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

async function makeTemplate(file: string, migrations: string | null): Promise<Uint8Array> {
  const link = await startEngineWorker({ memory: true })
  await using database = databaseOverEngine<unknown>(link)
  if (migrations !== null) await migrate(database, migrations)
  const template = await link.dump()
  mkdirSync(CACHE, { recursive: true })
  removeOldTemplates()
  // Whole or not at all: another test process may be looking.
  const unfinished = `${file}.${randomUUID()}`
  writeFileSync(unfinished, template)
  renameSync(unfinished, file)
  return template
}

const KEEP_TEMPLATES_MS = 24 * 60 * 60_000

/** Every change of a migration leaves 40 MB behind. */
function removeOldTemplates(): void {
  for (const file of globSync(join(CACHE, 'gatehouse_template_*'))) {
    if (Date.now() - statSync(file).mtimeMs > KEEP_TEMPLATES_MS) rmSync(file, { force: true })
  }
}

/** Any number: it only has to be the same in all test processes. */
const TEMPLATE_LOCK = 20_261_121

async function openOnServer<Tables>(url: string, template: string, migrations: string | null): Promise<Opened<Tables>> {
  const name = `gatehouse_test_${randomUUID().replaceAll('-', '')}`
  await withConnection(url, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]) // ends with the connection
    const { rowCount } = await client.query('select from pg_database where datname = $1', [template])
    if (rowCount === 0) await client.query(`create database ${template}`)
    const unmigrated = await openPostgres<unknown>(withDatabase(url, template))
    if (migrations !== null) await migrate(unmigrated, migrations)
    await unmigrated.close()
    await client.query(`create database ${name} template ${template}`)
  })
  const database = await openPostgres<Tables>(withDatabase(url, name))
  return {
    database,
    async close() {
      await database.close()
      await withConnection(url, (client) => client.query(`drop database ${name} with (force)`))
    },
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

async function withConnection(url: string, use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await use(client)
  } finally {
    await client.end()
  }
}
