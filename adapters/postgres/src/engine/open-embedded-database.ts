import { resolve } from 'node:path'
import pg from 'pg'
import { createDatabase } from './create-database.ts'
import type { Database } from './database.ts'
import type { EngineLink } from './engine-link.ts'
import { EngineStream } from './engine-stream.ts'
import { startMaintenance } from './maintenance.ts'
import { startEngineWorker } from './start-engine-worker.ts'

/** A query that waits this long for the one session is most likely waited for by the transaction that holds it. */
const LONGEST_WAIT_MS = 30_000

/** `memory` is for tests and is gone after `close`; `template` is what another one's engine dumped. */
export type EmbeddedDatabaseOptions = { dataDir: string } | { memory: true; template?: Uint8Array }

/**
 * Opens PostgreSQL inside this process, on a folder of which this process becomes the only owner. A transaction that was
 * confirmed survives the end of the process and of the machine's power.
 * @throws StorageError `folder-in-use`, `engine-stopped`
 */
export async function openEmbeddedDatabase<Tables>(options: EmbeddedDatabaseOptions): Promise<Database<Tables>> {
  const where = 'dataDir' in options ? { folder: resolve(options.dataDir) } : options
  return databaseOverEngine(await startEngineWorker(where))
}

/** The database that an engine serves. Closing it closes the engine. */
export function databaseOverEngine<Tables>(link: EngineLink): Database<Tables> {
  const pool = new pg.Pool({
    stream: () => new EngineStream(link),
    max: 1, // the engine has one session; the pool is its queue
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: LONGEST_WAIT_MS,
    // Fixed, or `pg` would take them from the environment (PGHOST, PGSSLMODE and so on).
    host: 'embedded',
    port: 5432,
    user: 'postgres',
    password: '',
    database: 'postgres',
    ssl: false,
  })
  const maintenance = startMaintenance(pool)
  return createDatabase(pool, {
    kind: 'embedded',
    onFatal: (listener) => link.onFatal(listener),
    async close() {
      maintenance.stop()
      await link.close()
    },
  })
}
