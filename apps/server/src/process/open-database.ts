import { type Database, openEmbeddedDatabase, openPostgres, type Tables } from '@gatehouse/adapter-postgres'
import type { Config } from '../config.ts'

/** On a PostgreSQL server when its URL is set, in the data folder otherwise. @throws StorageError */
export const openDatabase = ({
  databaseUrl,
  dataDir,
}: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Database<Tables>> =>
  databaseUrl ? openPostgres<Tables>(databaseUrl.reveal()) : openEmbeddedDatabase<Tables>({ dataDir })
