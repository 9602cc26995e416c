import { createPostgresAuditLog, hasDatabase, migrate, MIGRATIONS_FOLDER } from '@gatehouse/adapter-postgres'
import { DomainError } from '@gatehouse/domain'
import type { Config } from '../config.ts'
import { openDatabase } from './open-database.ts'

/**
 * Reads the audit log from the database itself, without a server. @throws DomainError `refused` where there is none: an
 * empty one, made on the spot, would have an intact log.
 */
export async function verifyAudit(config: Config): Promise<{ readonly events: number; readonly firstBroken?: number }> {
  const { databaseUrl, dataDir } = config
  if (!databaseUrl && !hasDatabase(dataDir)) {
    throw new DomainError({
      code: 'refused',
      message: `There is no database in ${dataDir}.`,
      remedy: 'Name its folder with --data-dir, or its server with GATEHOUSE_DATABASE_URL.',
    })
  }
  await using database = await openDatabase(config)
  await migrate(database, MIGRATIONS_FOLDER)
  return await createPostgresAuditLog(database).verify(new AbortController().signal)
}
