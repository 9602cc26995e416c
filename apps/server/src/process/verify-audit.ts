import { createPostgresAuditLog, migrate, MIGRATIONS_FOLDER } from '@gatehouse/adapter-postgres'
import type { Config } from '../config.ts'
import { openDatabase } from './open-database.ts'

/** Reads the audit log from the database itself, without a server. */
export async function verifyAudit(config: Config): Promise<{ readonly events: number; readonly firstBroken?: number }> {
  await using database = await openDatabase(config)
  await migrate(database, MIGRATIONS_FOLDER)
  return await createPostgresAuditLog(database).verify(new AbortController().signal)
}
