import { sql, type Kysely } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import type { Database } from './database.ts'
import { readMigrations, type MigrationFile } from './read-migrations.ts'
import { StorageError } from './storage-error.ts'

/**
 * Brings the schema up to the folder's last migration and returns the names of those that ran. Each file is one
 * transaction of any number of statements, under a lock that processes on one server share; a failed file leaves
 * nothing behind. There is no way down: an older program refuses a newer database.
 * @throws StorageError `newer-database`, `migration-changed`, `migration-failed`, `bad-migration-folder`
 */
export async function migrate<Tables>(database: Database<Tables>, folder: string): Promise<string[]> {
  const files = await readMigrations(folder)
  // Migrations run on any schema; the tables' types describe only the last one.
  const kysely: Kysely<any> = database.kysely // oxlint-disable-line typescript/no-explicit-any -- as Kysely's Migrator has it
  await refuseForeignHistory(kysely, files)

  const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => toMigrations(files) } })
  const ran: string[] = []
  for (;;) {
    const { error, results = [] } = await migrator.migrateUp() // one at a time: Kysely wraps a run in one transaction
    const [result] = results
    if (error !== undefined) throw await toStorageError(error, result?.migrationName, kysely, files)
    if (!result) return ran
    ran.push(result.migrationName)
  }
}

interface Executed {
  readonly name: string
  readonly sha256: string | null
}

/** Refuses a database whose past is not the beginning of this folder. */
async function refuseForeignHistory(kysely: Kysely<unknown>, files: readonly MigrationFile[]): Promise<void> {
  const known = new Map(files.map((file) => [file.name, file]))
  const executed = await listExecuted(kysely)
  const unknown = executed.filter(({ name }) => !known.has(name)).map(({ name }) => name)
  if (unknown.length > 0) throw new StorageError({ code: 'newer-database', migrations: unknown })
  const changed = executed.find(({ name, sha256 }) => known.get(name)?.sha256 !== sha256)
  if (changed) throw new StorageError({ code: 'migration-changed', migration: changed.name })
}

async function listExecuted(kysely: Kysely<unknown>): Promise<Executed[]> {
  const { rows } = await sql<{ exists: boolean }>`
    select to_regclass('kysely_migration') is not null and to_regclass('migration_file') is not null as exists
  `.execute(kysely)
  if (!rows[0]?.exists) return []
  const executed = await sql<Executed>`
    select kysely_migration.name, migration_file.sha256
    from kysely_migration left join migration_file on migration_file.name = kysely_migration.name
    order by kysely_migration.name
  `.execute(kysely)
  return executed.rows
}

function toMigrations(files: readonly MigrationFile[]): Record<string, Migration> {
  return Object.fromEntries(files.map((file) => [file.name, { up: (transaction) => runFile(transaction, file) }]))
}

async function runFile(transaction: Kysely<unknown>, file: MigrationFile): Promise<void> {
  await sql`create table if not exists migration_file (name text primary key, sha256 text not null)`.execute(
    transaction,
  )
  await sql`insert into migration_file (name, sha256) values (${file.name}, ${file.sha256})`.execute(transaction)
  await sql.raw(file.sql).execute(transaction) // no parameters, so PostgreSQL takes several statements at once
}

async function toStorageError(
  error: unknown,
  migration: string | undefined,
  kysely: Kysely<unknown>,
  files: readonly MigrationFile[],
): Promise<unknown> {
  // Without a migration it is Kysely's own check: another process may have changed the history since ours.
  if (migration === undefined) await refuseForeignHistory(kysely, files)
  if (migration === undefined) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new StorageError({ code: 'migration-failed', migration, reason }, { cause: error })
}
