import { type Enrolments, type Ids, MAX_ENROLMENTS } from '@gatehouse/application'
import { DomainError, type EnrolmentDraft } from '@gatehouse/domain'
import { sql, type Transaction } from 'kysely'
import type { Database } from '../engine/database.ts'
import { appendEvents } from '../stores/append-events.ts'
import type { Tables } from '../stores/schema.ts'
import { lockingTransaction } from '../stores/locking-transaction.ts'
import { toJson } from '../stores/values.ts'
import type { SecretBox } from './secret-box.ts'
import { ENROLMENT_SCIM_TOKEN as KIND, readSecret, removeSecret, writeSecret } from './secret-rows.ts'

/** Drafts are plain rows, and their tokens are encrypted like those of enrolled organizations. */
export const createPostgresEnrolments = (database: Database<Tables>, box: SecretBox, ids: Ids): Enrolments => ({
  async list(signal) {
    signal.throwIfAborted()
    const rows = await database.kysely.selectFrom('enrolment').select('content').orderBy('name').execute()
    return rows.map(({ content }) => content)
  },
  async find(name, signal) {
    signal.throwIfAborted()
    const query = database.kysely.selectFrom('enrolment').select('content').where('name', '=', name)
    return (await query.executeTakeFirst())?.content
  },
  save: (draft, { replacing, scimToken, events = [] }, signal) =>
    lockingTransaction(
      database,
      async (transaction) => {
        await (replacing === undefined ? insert(transaction, draft) : update(transaction, draft, replacing))
        const place = { kind: KIND, subject: draft.name }
        if (scimToken === null) await removeSecret(transaction, place)
        else if (scimToken !== undefined)
          await writeSecret(transaction, box, { ...place, secret: Buffer.from(scimToken, 'utf8') })
        await appendEvents(transaction, events, ids)
      },
      signal,
    ),
  remove: (name, events, signal) =>
    lockingTransaction(
      database,
      async (transaction) => {
        await removeSecret(transaction, { kind: KIND, subject: name })
        const removed = transaction.deleteFrom('enrolment').where('name', '=', name).returning('name')
        if (!(await removed.executeTakeFirst())) return false
        await appendEvents(transaction, events, ids)
        return true
      },
      signal,
    ),
  scimToken: ({ name, revision }, signal) =>
    database.snapshot(async (transaction) => {
      const query = transaction.selectFrom('enrolment').select('name')
      const same = query.where('name', '=', name).where('revision', '=', revision)
      if (!(await same.executeTakeFirst())) throw new DomainError({ code: 'stale', kind: 'enrolment', name })
      return (await readSecret(transaction, box, { kind: KIND, subject: name }))?.toString('utf8')
    }, signal),
})

/** One at a time, so that of several that are begun at once each counts those before it. */
async function insert(transaction: Transaction<Tables>, draft: EnrolmentDraft): Promise<void> {
  const { name, revision } = draft
  await sql`lock table enrolment in share row exclusive mode`.execute(transaction)
  const { rows } = await sql<{ isTaken: boolean; kept: number }>`
    select count(*)::int as kept, coalesce(bool_or(name = ${name}), false) as "isTaken" from enrolment
  `.execute(transaction)
  const [{ isTaken, kept } = { isTaken: false, kept: 0 }] = rows
  if (isTaken)
    throw new DomainError({ code: 'already-exists', kind: 'enrolment', name, remedy: 'Go on with it, or remove it.' })
  if (kept >= MAX_ENROLMENTS)
    throw new DomainError({
      code: 'conflict',
      message: `There are ${MAX_ENROLMENTS} enrolments already.`,
      remedy: 'Remove one that nobody goes on with, or that is installed.',
    })
  await sql`
    insert into enrolment (name, revision, content) values (${name}, ${revision}, ${toJson(draft)})
  `.execute(transaction)
}

async function update(transaction: Transaction<Tables>, draft: EnrolmentDraft, replacing: number): Promise<void> {
  const { name, revision } = draft
  const { rows } = await sql`
    update enrolment set revision = ${revision}, content = ${toJson(draft)}
    where name = ${name} and revision = ${replacing} returning name
  `.execute(transaction)
  if (rows.length === 0) throw new DomainError({ code: 'stale', kind: 'enrolment', name })
}
