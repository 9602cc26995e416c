import type { Ids, KeptRequest, SamlRequests } from '@gatehouse/application'
import { DomainError } from '@gatehouse/domain'
import { sql } from 'kysely'
import type { Database } from '../engine/database.ts'
import { appendEvents } from './append-events.ts'
import { lockingTransaction } from './locking-transaction.ts'
import type { Tables } from './schema.ts'
import { toJson, toTimestamp } from './values.ts'

/** Requests of service providers that wait for their user. */
export const createPostgresSamlRequests = (database: Database<Tables>, ids: Ids): SamlRequests => ({
  async keep(idHash, kept, until, signal) {
    signal.throwIfAborted()
    await sql`delete from saml_request where expires_at <= ${toTimestamp(kept.receivedAt)}`.execute(database.kysely)
    const { issuer, id } = kept.request
    const { rows } = await sql`
      insert into saml_request (issuer, request_id, id_hash, content, expires_at)
      values (${issuer}, ${id}, ${idHash}, ${toJson(kept)}, ${toTimestamp(until)})
      on conflict (issuer, request_id) do update
        set id_hash = excluded.id_hash, content = excluded.content, expires_at = excluded.expires_at
        where not saml_request.answered
      returning id_hash
    `.execute(database.kysely)
    if (rows.length === 0) throw answeredAlready()
  },
  async find(idHash, now, signal) {
    signal.throwIfAborted()
    const row = await database.kysely
      .selectFrom('saml_request')
      .select('content')
      .where('id_hash', '=', idHash)
      .where('answered', '=', false)
      .where('expires_at', '>', sql<Date>`${toTimestamp(now)}`)
      .executeTakeFirst()
    return row?.content satisfies KeptRequest | undefined
  },
  markAnswered: (idHash, events, signal) =>
    lockingTransaction(
      database,
      async (transaction) => {
        const marked = await transaction
          .updateTable('saml_request')
          .set({ answered: true })
          .where('id_hash', '=', idHash)
          .where('answered', '=', false)
          .returning('id_hash')
          .executeTakeFirst()
        if (!marked) throw answeredAlready()
        await appendEvents(transaction, events, ids)
      },
      signal,
    ),
})

const answeredAlready = (): DomainError =>
  new DomainError({
    code: 'refused',
    message: 'This request to sign in was answered already.',
    remedy: 'Start again from the application.',
  })
