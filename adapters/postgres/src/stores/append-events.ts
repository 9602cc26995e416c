import { type AuditEvent, type RecordedAuditEvent, toCanonicalJson } from '@gatehouse/domain'
import type { Ids } from '@gatehouse/application'
import { sql, type Transaction } from 'kysely'
import { chainEvents } from './audit-chain.ts'
import type { Tables } from './schema.ts'
import { toJson, toTimestamp } from './values.ts'

/**
 * Writes events at the end of the chain and returns the number of the last one. Whoever appends waits for whoever
 * appended before, until that transaction ends; so it comes last in a transaction.
 */
export async function appendEvents(
  transaction: Transaction<Tables>,
  events: readonly AuditEvent[],
  ids: Ids,
): Promise<number> {
  const lock = events.length > 0 ? sql`for update` : sql``
  const { rows } = await sql<{ seq: string; hash: string }>`select seq, hash from audit_head ${lock}`.execute(
    transaction,
  )
  const [head] = rows
  if (!head) throw new Error('The audit log has lost its head row.')
  const recorded = chainEvents(
    { seq: Number(head.seq), hash: head.hash },
    events.map((event) => ({ ...event, uid: ids.uuid() })),
  )
  const last = recorded.at(-1)
  if (!last) return Number(head.seq)
  await sql`
    insert into audit_event (seq, uid, event, code, happened_at, user_name, subjects, fields, previous_hash, hash)
    select seq, uid, event, code, happened_at, user_name, subjects, fields::json, previous_hash, hash
    from json_to_recordset(${toJson(recorded.map(toRow))}::json) as input(
      seq bigint, uid text, event text, code text, happened_at timestamptz, user_name text, subjects text[],
      fields text, previous_hash text, hash text
    )
  `.execute(transaction)
  await sql`update audit_head set seq = ${last.seq}, hash = ${last.hash}`.execute(transaction)
  return last.seq
}

const toRow = (event: RecordedAuditEvent) => ({
  seq: event.seq,
  uid: event.uid,
  event: event.event,
  code: event.code,
  happened_at: toTimestamp(event.time),
  user_name: event.user ?? null,
  subjects: event.subjects,
  fields: toCanonicalJson(event.fields),
  previous_hash: event.previousHash,
  hash: event.hash,
})
