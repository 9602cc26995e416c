import { afterAll, beforeAll, beforeEach, describe } from 'vitest'
import type { Database } from '../engine/database.ts'
import { startPostgresServer, type TestServer } from './postgres-server.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

/**
 * Declares the same tests twice: on the embedded database in memory, and on a PostgreSQL server, where they are skipped
 * with the reason when there is none. Every test begins with a migrated database without other rows; `migrations` is
 * another folder than the package's, or `null` for none.
 */
export function onEachDatabase<Tables>(
  name: string,
  declare: (database: () => Database<Tables>) => void,
  options: { migrations?: string | null } = {},
): void {
  describe(`${name}, embedded`, () => {
    declare(useDatabase<Tables>(noServer, options))
  })
  describe(`${name}, on a PostgreSQL server`, () => {
    declare(useDatabase<Tables>(startPostgresServer, options))
  })
}

type Start = () => Promise<TestServer | { url?: never; stop(): Promise<void> }>
const noServer: Start = async () => ({ stop: async () => {} })

function useDatabase<Tables>(start: Start, options: { migrations?: string | null }): () => Database<Tables> {
  let server: Awaited<ReturnType<Start>> | undefined
  let current: TestDatabase<Tables> | undefined
  beforeAll(async () => {
    server = await start()
    if ('missing' in server) return
    current = await createTestDatabase<Tables>({ ...options, ...(server.url !== undefined && { url: server.url }) })
  })
  beforeEach(async (context) => {
    if (server && 'missing' in server) context.skip(server.missing)
    await current?.empty()
  })
  afterAll(async () => {
    await current?.[Symbol.asyncDispose]()
    if (server && 'stop' in server) await server.stop()
  })
  return () => {
    if (!current) throw new Error('The database is there in tests only, not while they are declared.')
    return current.database
  }
}
