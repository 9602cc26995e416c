import pg from 'pg'
import { createDatabase } from './create-database.ts'
import type { Database } from './database.ts'
import { StorageError } from './storage-error.ts'

/** One server process runs about this many queries at a time; the rest queue here instead of in PostgreSQL. */
const MAX_CONNECTIONS = 10
const CONNECT_TIMEOUT_MS = 10_000
const IDLE_TIMEOUT_MS = 60_000
/** No statement of ours takes seconds; one that does has lost its reader or its plan. */
const STATEMENT_TIMEOUT_MS = 60_000
/** A transaction whose process hangs must not keep its locks. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000

/**
 * Connects to a PostgreSQL server, version 15 or later, by URL. TLS is the URL's `sslmode`, as `pg` reads it
 * (`verify-full` checks the certificate against `sslrootcert` or the system's authorities).
 * @throws StorageError `server-unusable` when the server cannot be reached, refuses the login or is too old
 */
export async function openPostgres<Tables>(url: string): Promise<Database<Tables>> {
  const pool = new pg.Pool({
    options: '-c timezone=UTC',
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'gatehouse',
  })
  const database = createDatabase<Tables>(pool, { kind: 'server', onFatal: () => {}, close: async () => {} })
  try {
    await requireVersion(pool)
  } catch (error) {
    await database.close()
    throw new StorageError({ code: 'server-unusable', reason: reasonOf(error) }, { cause: error })
  }
  return database
}

/** A name with several addresses fails with one error for each of them, and a text of its own that is empty. */
function reasonOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  return (first instanceof Error ? first.message : String(first)).replace(/\.$/, '')
}

const OLDEST_VERSION = 150_000

async function requireVersion(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ number: number; name: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as name`,
  )
  const [version] = rows
  if (version && version.number >= OLDEST_VERSION) return
  throw new Error(`Gatehouse needs PostgreSQL 15 or later; this server is ${version?.name ?? 'unknown'}.`)
}
