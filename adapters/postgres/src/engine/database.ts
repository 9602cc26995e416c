import type { Kysely, Transaction } from 'kysely'

/**
 * The database, embedded or on a server: the same SQL (PostgreSQL 15), the same driver and the same JavaScript types.
 * `pg`'s own parsers decide those: `bigint` and `numeric` (so also `count(*)` and `sum()`) are strings, because a
 * JavaScript number holds 53 bits of them; `timestamptz` is a `Date` with milliseconds; `bytea` a `Buffer`; `json` and
 * `jsonb` are parsed. A `date` would be midnight in the server's own time zone: store a `timestamptz` or `text`.
 */
export interface Database<Tables> extends AsyncDisposable {
  readonly kind: 'embedded' | 'server'
  readonly kysely: Kysely<Tables>
  /**
   * Runs `work` as if alone (`serializable`), and again from the start when PostgreSQL finds that it was not, so `work`
   * must touch nothing but what it is given. The embedded database has one session: a transaction is alone there, and
   * everybody else waits for it.
   * @throws StorageError `database-inside-transaction` when `work` uses the database itself
   */
  transaction<Result>(
    work: (transaction: Transaction<Tables>) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result>
  /** Reads everything as it was at one instant (`repeatable read`, read only). */
  snapshot<Result>(work: (transaction: Transaction<Tables>) => Promise<Result>, signal?: AbortSignal): Promise<Result>
  /**
   * Called when an embedded engine stopped and will answer no more: a flush failed, or it crashed. What was confirmed
   * is on the disk; only a new process can go on. A server that is gone is not fatal, its pool connects again.
   */
  onFatal(listener: (error: Error) => void): void
  close(): Promise<void>
}
