import {
  type DeviceCode,
  type DeviceCodes,
  type DeviceDecision,
  type Ids,
  MAX_DEVICE_CODES,
} from '@gatehouse/application'
import { type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../engine/database.ts'
import { appendEvents } from './append-events.ts'
import { sessionRow } from './credentials.ts'
import { lockingTransaction } from './locking-transaction.ts'
import type { Tables } from './schema.ts'
import { optional, toInstant, toTimestamp } from './values.ts'

/** Command lines that wait for a browser. A code is decided and used up by statements that only one caller wins. */
export const createPostgresDeviceCodes = (database: Database<Tables>, ids: Ids): DeviceCodes => ({
  async create(code, signal) {
    signal.throwIfAborted()
    const ended = database.kysely.deleteFrom('device_code').where('expires_at', '<=', new Date(code.createdAt))
    await ended.execute()
    const { rows } = await sql<{ kept: number }>`select count(*)::int as kept from device_code`.execute(database.kysely)
    if ((rows[0]?.kept ?? 0) >= MAX_DEVICE_CODES) return 'full'
    const { numInsertedOrUpdatedRows } = await database.kysely
      .insertInto('device_code')
      .values(codeRow(code))
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    return numInsertedOrUpdatedRows === 0n ? 'taken' : 'kept'
  },
  async find(codeHash, signal) {
    signal.throwIfAborted()
    const query = database.kysely.selectFrom('device_code').selectAll().where('code_hash', '=', codeHash)
    const row = await query.executeTakeFirst()
    return row && parseCode(row)
  },
  async findByUserCode(userCodeHash, signal) {
    signal.throwIfAborted()
    const query = database.kysely.selectFrom('device_code').selectAll().where('user_code_hash', '=', userCodeHash)
    const row = await query.executeTakeFirst()
    return row && parseCode(row)
  },
  decide: (userCodeHash, decision, events, signal) =>
    lockingTransaction(
      database,
      async (transaction) => {
        if (decision.state === 'confirmed' && !(await holdSession(transaction, decision))) return false
        const { numUpdatedRows } = await transaction
          .updateTable('device_code')
          .set(decisionRow(decision))
          .where('user_code_hash', '=', userCodeHash)
          .where('state', '=', 'pending')
          .executeTakeFirst()
        if (numUpdatedRows === 0n) return false
        await appendEvents(transaction, events, ids)
        return true
      },
      signal,
    ),
  async recordPoll(codeHash, { polledAt, intervalSeconds }, signal) {
    signal.throwIfAborted()
    await database.kysely
      .updateTable('device_code')
      .set({ polled_at: toTimestamp(polledAt), interval_seconds: intervalSeconds })
      .where('code_hash', '=', codeHash)
      .execute()
  },
  redeem: (codeHash, session, events, signal) =>
    lockingTransaction(
      database,
      async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('device_code')
          .where('code_hash', '=', codeHash)
          .where('state', '=', 'confirmed')
          .where('user_id', '=', session.user)
          // One that has come to its time lies there until somebody sweeps it up.
          .where('session_hash', 'in', (sessions) =>
            sessions.selectFrom('session').select('token_hash').where('expires_at', '>', new Date(session.createdAt)),
          )
          .executeTakeFirst()
        if (numDeletedRows === 0n) return false
        await transaction.insertInto('session').values(sessionRow(session)).execute()
        await appendEvents(transaction, events, ids)
        return true
      },
      signal,
    ),
  async remove(codeHash, signal) {
    signal.throwIfAborted()
    await database.kysely.deleteFrom('device_code').where('code_hash', '=', codeHash).execute()
  },
  async removeConfirmedBy(user, signal) {
    signal.throwIfAborted()
    await database.kysely.deleteFrom('device_code').where('user_id', '=', user).execute()
  },
})

/** Whoever ends the session meanwhile waits for the decision, and takes the code along. */
async function holdSession(
  transaction: Transaction<Tables>,
  { user, session }: Extract<DeviceDecision, { state: 'confirmed' }>,
): Promise<boolean> {
  const { rows } = await sql`
    select from session where token_hash = ${session} and user_id = ${user} for share
  `.execute(transaction)
  return rows.length > 0
}

const codeRow = (code: DeviceCode) => ({
  code_hash: code.codeHash,
  user_code_hash: code.userCodeHash,
  machine: code.machine,
  address: code.address,
  created_at: toTimestamp(code.createdAt),
  expires_at: toTimestamp(code.expiresAt),
  interval_seconds: code.intervalSeconds,
  polled_at: code.polledAt === undefined ? null : toTimestamp(code.polledAt),
  ...decisionRow(code),
})

const decisionRow = (decision: DeviceDecision | { readonly state: 'pending' }) => ({
  state: decision.state,
  user_id: decision.state === 'confirmed' ? decision.user : null,
  session_hash: decision.state === 'confirmed' ? decision.session : null,
})

const parseCode = (row: Selectable<Tables['device_code']>): DeviceCode => ({
  codeHash: row.code_hash,
  userCodeHash: row.user_code_hash,
  machine: row.machine,
  address: row.address,
  createdAt: toInstant(row.created_at),
  expiresAt: toInstant(row.expires_at),
  intervalSeconds: row.interval_seconds,
  ...optional('polledAt', row.polled_at, toInstant),
  ...decisionOf(row),
})

function decisionOf({ state, user_id: user, session_hash: session }: Selectable<Tables['device_code']>) {
  if (state !== 'confirmed') return { state }
  // A version that did not keep the session has confirmed it: whether that one still lasts, nobody can say.
  return user === null || session === null ? ({ state: 'refused' } as const) : { state, user, session }
}
