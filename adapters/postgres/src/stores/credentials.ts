import { type AuditEvent, DomainError, type UserId } from '@gatehouse/domain'
import type { Credentials, Ids, PasswordLink, StoredSession } from '@gatehouse/application'
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../engine/database.ts'
import { appendEvents } from './append-events.ts'
import { lockingTransaction } from './locking-transaction.ts'
import { explainRefusals } from './problems.ts'
import type { Tables } from './schema.ts'
import { optional, same, toInstant, toJson, toTimestamp } from './values.ts'

/** Every change is one transaction with its events; what has no event is one statement. */
export function createPostgresCredentials(database: Database<Tables>, ids: Ids): Credentials {
  const change = (
    events: readonly AuditEvent[],
    signal: AbortSignal,
    work: (transaction: Transaction<Tables>) => Promise<unknown>,
  ): Promise<void> =>
    explainRefusals({}, () =>
      lockingTransaction(
        database,
        async (transaction) => {
          await work(transaction)
          await appendEvents(transaction, events, ids)
        },
        signal,
      ),
    )
  const now = (signal: AbortSignal): Kysely<Tables> => {
    signal.throwIfAborted()
    return database.kysely
  }

  return {
    async findPassword(user, signal) {
      const query = now(signal).selectFrom('password').selectAll().where('user_id', '=', user)
      const row = await query.executeTakeFirst()
      if (!row) return undefined
      return { hash: row.hash, failures: row.failures, ...optional('lockedUntil', row.locked_until, toInstant) }
    },
    recordFailure: (user, { failures, lockedUntil }, events, signal) =>
      change(events, signal, (transaction) =>
        transaction
          .updateTable('password')
          .set({ failures, locked_until: lockedUntil === undefined ? null : toTimestamp(lockedUntil) })
          .where('user_id', '=', user)
          .execute(),
      ),
    setPassword: ({ user, hash, usingLinkHash, keepingSession }, events, signal) =>
      change(events, signal, async (transaction) => {
        if (usingLinkHash !== undefined) await useUpLink(transaction, user, usingLinkHash)
        // An older link would let whoever holds it undo the change.
        await transaction.deleteFrom('password_link').where('user_id', '=', user).execute()
        await sql`
          insert into password (user_id, hash, failures) values (${user}, ${hash}, 0)
          on conflict (user_id) do update set hash = excluded.hash, failures = 0, locked_until = null
        `.execute(transaction)
        const sessions = transaction.deleteFrom('session').where('user_id', '=', user)
        await sessions.where('token_hash', '!=', keepingSession ?? '').execute()
        // Also those of the session that stays: whoever is signed in by one would not have to know the new password.
        await transaction.deleteFrom('device_code').where('user_id', '=', user).execute()
      }),
    async hasPasswords(signal) {
      const first = now(signal).selectFrom('password').select('user_id').limit(1)
      return (await first.executeTakeFirst()) !== undefined
    },

    createSession: (session, events, signal) =>
      change(events, signal, async (transaction) => {
        const ended = transaction.deleteFrom('session').where('user_id', '=', session.user)
        await ended.where('expires_at', '<=', new Date(session.createdAt)).execute()
        await transaction.insertInto('session').values(sessionRow(session)).execute()
      }),
    async findSession(tokenHash, signal) {
      const query = now(signal).selectFrom('session').selectAll().where('token_hash', '=', tokenHash)
      const row = await query.executeTakeFirst()
      return row && parseSession(row)
    },
    async listSessionsOf(user, signal) {
      const query = now(signal).selectFrom('session').selectAll().where('user_id', '=', user)
      return (await query.execute()).map(parseSession)
    },
    async touchSession(tokenHash, lastSeenAt, signal) {
      const query = now(signal)
        .updateTable('session')
        .set({ last_seen_at: toTimestamp(lastSeenAt) })
      await query.where('token_hash', '=', tokenHash).execute()
    },
    async setAssumed(tokenHash, assumed, signal) {
      const query = now(signal)
        .updateTable('session')
        .set({ assumed: toJson(assumed) })
      await query.where('token_hash', '=', tokenHash).execute()
    },
    async endSession(tokenHash, signal) {
      await change([], signal, (transaction) => endSessions(transaction, [tokenHash]))
    },
    async endSessions(tokenHashes, events, signal) {
      signal.throwIfAborted()
      return lockingTransaction(
        database,
        async (transaction) => {
          const ended = await endSessions(transaction, tokenHashes)
          if (ended > 0) await appendEvents(transaction, events, ids)
          return ended
        },
        signal,
      )
    },
    async endSessionsOf(user, signal) {
      await change([], signal, (transaction) => transaction.deleteFrom('session').where('user_id', '=', user).execute())
    },

    createPasswordLink: (link, events, signal) =>
      change(events, signal, (transaction) => transaction.insertInto('password_link').values(linkRow(link)).execute()),
    async findPasswordLink(tokenHash, signal) {
      const query = now(signal).selectFrom('password_link').selectAll().where('token_hash', '=', tokenHash)
      const row = await query.executeTakeFirst()
      return row && parseLink(row)
    },
  }
}

async function endSessions(transaction: Transaction<Tables>, tokenHashes: readonly string[]): Promise<number> {
  const sessions = transaction.deleteFrom('session').where('token_hash', 'in', [...tokenHashes, ''])
  return Number((await sessions.executeTakeFirst()).numDeletedRows)
}

/** Of two that use a link at once, one finds it gone. */
async function useUpLink(transaction: Transaction<Tables>, user: UserId, tokenHash: string): Promise<void> {
  const { numDeletedRows } = await transaction
    .deleteFrom('password_link')
    .where('token_hash', '=', tokenHash)
    .where('user_id', '=', user)
    .executeTakeFirst()
  if (numDeletedRows === 0n) throw new DomainError({ code: 'not-found', kind: 'link', name: '' })
}

export const sessionRow = (session: StoredSession) => ({
  token_hash: session.tokenHash,
  user_id: session.user,
  kind: session.kind,
  created_at: toTimestamp(session.createdAt),
  last_seen_at: toTimestamp(session.lastSeenAt),
  expires_at: toTimestamp(session.expiresAt),
  assumed: toJson(session.assumed),
  address: session.address ?? null,
  machine: session.machine ?? null,
})
const parseSession = (row: Selectable<Tables['session']>): StoredSession => ({
  tokenHash: row.token_hash,
  user: row.user_id,
  kind: row.kind,
  createdAt: toInstant(row.created_at),
  lastSeenAt: toInstant(row.last_seen_at),
  expiresAt: toInstant(row.expires_at),
  assumed: row.assumed,
  ...optional('address', row.address, same),
  ...optional('machine', row.machine, same),
})

const linkRow = (link: PasswordLink) => ({
  token_hash: link.tokenHash,
  user_id: link.user,
  created_by: link.createdBy,
  expires_at: toTimestamp(link.expiresAt),
})
const parseLink = (row: Selectable<Tables['password_link']>): PasswordLink => ({
  tokenHash: row.token_hash,
  user: row.user_id,
  createdBy: row.created_by,
  expiresAt: toInstant(row.expires_at),
})
