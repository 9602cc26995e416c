import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kysely, PostgresDialect, type IsolationLevel, type PostgresPool, type Transaction } from 'kysely'
import pg from 'pg'
import type { Database } from './database.ts'
import { StorageError } from './storage-error.ts'

/** serialization_failure and deadlock_detected (PostgreSQL documentation, "PostgreSQL Error Codes"). */
const RETRIED = new Set(['40001', '40P01'])
/** Ten writers on one row need about six; more than this is a design error, not bad luck. */
const MAX_ATTEMPTS = 12
const FIRST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 250

interface CreateDatabaseOptions {
  readonly kind: Database<unknown>['kind']
  readonly onFatal: Database<unknown>['onFatal']
  /** Ends what lies behind the pool, after the pool. */
  readonly close: () => Promise<void>
}

/** A `Database` over a pool of `pg` connections. */
export function createDatabase<Tables>(pool: pg.Pool, options: CreateDatabaseOptions): Database<Tables> {
  swallowConnectionErrors(pool)
  const running = new AsyncLocalStorage<{ open: boolean }>()
  const guarded: PostgresPool = {
    options: pool.options,
    connect() {
      if (running.getStore()?.open) throw new StorageError({ code: 'database-inside-transaction' })
      return pool.connect()
    },
    end: () => pool.end(),
  }
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: guarded }) })

  type Work<Result> = (transaction: Transaction<Tables>) => Promise<Result>
  const guard = <Result>(work: Work<Result>): Work<Result> => {
    return async (transaction) => {
      const scope = { open: true }
      try {
        return await running.run(scope, () => work(transaction))
      } finally {
        scope.open = false
      }
    }
  }
  const attempt = <Result>(level: IsolationLevel, access: 'read only' | 'read write', work: Work<Result>) =>
    kysely.transaction().setIsolationLevel(level).setAccessMode(access).execute(guard(work))

  let closed: Promise<void> | undefined
  const close = (): Promise<void> => (closed ??= closeAll())
  const closeAll = async (): Promise<void> => {
    await kysely.destroy()
    if (!pool.ending) await pool.end() // Kysely leaves a pool alone that it never used
    await options.close()
  }
  return {
    kind: options.kind,
    kysely,
    transaction: (work, signal) => retry(() => attempt('serializable', 'read write', work), signal),
    snapshot: (work, signal) => retry(() => attempt('repeatable read', 'read only', work), signal),
    onFatal: options.onFatal,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/**
 * A connection that breaks rejects the query that runs on it, and the pool drops it and makes another. It also emits
 * `error`, when idle through the pool and else by itself, which would end the process if nobody listened.
 */
function swallowConnectionErrors(pool: pg.Pool): void {
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
}

async function retry<Result>(attempt: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
  for (let pause = FIRST_PAUSE_MS, attempts = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS), attempts++) {
    signal?.throwIfAborted()
    try {
      return await attempt()
    } catch (error) {
      const isWorthRetrying = error instanceof pg.DatabaseError && RETRIED.has(error.code ?? '')
      if (!isWorthRetrying || attempts === MAX_ATTEMPTS) throw error
    }
    await sleep(pause * (0.5 + Math.random()), undefined, { signal })
  }
}
