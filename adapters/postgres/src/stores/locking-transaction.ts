import type { Transaction } from 'kysely'
import pg from 'pg'
import type { Database } from '../engine/database.ts'
import type { Tables } from './schema.ts'

/** deadlock_detected (PostgreSQL documentation, "PostgreSQL Error Codes"). */
const DEADLOCK = '40P01'
const MAX_ATTEMPTS = 3

/**
 * A transaction for work that locks the rows it decides on before it reads them. Everybody who writes events meets at
 * the end of the audit log; `database.transaction` would send all but one of them back to the start, where here they
 * wait for one another: six times as many commits a second from three servers. Deleting a user meets their sign-in from
 * the other side, so a deadlock is possible, and the work is then done again.
 */
export async function lockingTransaction<Result>(
  database: Database<Tables>,
  work: (transaction: Transaction<Tables>) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted()
    try {
      return await database.kysely.transaction().setIsolationLevel('read committed').execute(work)
    } catch (error) {
      const isDeadlock = error instanceof pg.DatabaseError && error.code === DEADLOCK
      if (!isDeadlock || attempt === MAX_ATTEMPTS) throw error
    }
  }
}
