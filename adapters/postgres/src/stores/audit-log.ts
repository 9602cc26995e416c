import {
  AUDIT_CODES,
  between,
  days,
  DECISION_EVENTS,
  type Instant,
  type RecordedAuditEvent,
  START_OF_CHAIN,
  type Subject,
} from '@gatehouse/domain'
import type { AuditLog, AuditQuery } from '@gatehouse/application'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { Database } from '../engine/database.ts'
import { hashEvent } from './audit-chain.ts'
import type { Tables } from './schema.ts'
import { optional, same, toInstant, toTimestamp } from './values.ts'

const EVENTS_PER_PAGE = 1000

export function createPostgresAuditLog(database: Database<Tables>): AuditLog {
  const hasSignedInTo = createSignInSearch(database)
  return {
    async list(asked, signal) {
      signal.throwIfAborted()
      const direction = asked.order === 'oldest' ? 'asc' : 'desc'
      let found = database.kysely.selectFrom('audit_event').selectAll()
      for (const condition of conditionsOf(asked)) found = found.where(condition)
      // Gathered first and sorted then: the planner would walk back through all events of that kind to an old day.
      const gathered = isShortSpan(asked) ? found.offset(0) : found
      const query = database.kysely.selectFrom(gathered.as('found')).selectAll()
      return (await query.orderBy('seq', direction).limit(asked.limit).execute()).map(parseEvent)
    },
    async latestDecisions(after, signal) {
      signal.throwIfAborted()
      return latestDecisions(database.kysely, after)
    },
    async lastSignIns(users, signal) {
      signal.throwIfAborted()
      if (users.length === 0) return new Map()
      const { rows } = await sql<{ subject: Subject; at: Date }>`
        select subject, (
          select happened_at from audit_event
          where event = 'user.login' and code = ${AUDIT_CODES['user.login'][0]} and subjects @> array[subject]
          order by seq desc limit 1
        ) as at from unnest(${users}::text[]) as subject
      `.execute(database.kysely)
      return new Map(rows.flatMap(({ subject, at }) => (at ? [[subject, toInstant(at)] as const] : [])))
    },
    async hasSignedInTo(entityId, from, signal) {
      signal.throwIfAborted()
      return hasSignedInTo(entityId, from)
    },
    async verify(signal) {
      return database.snapshot(async (transaction) => {
        let events = 0
        let hash = START_OF_CHAIN
        for (;;) {
          signal.throwIfAborted()
          const page = await readPage(transaction, events)
          for (const event of page) {
            const isNext = event.seq === events + 1 && event.previousHash === hash
            if (!isNext || hashEvent(event) !== event.hash) return { events, firstBroken: events + 1 }
            events++
            hash = event.hash
          }
          if (page.length < EVENTS_PER_PAGE) break
        }
        // Events cut off at the end leave a chain that is whole, but not the one whose head we know.
        const head = await transaction.selectFrom('audit_head').selectAll().executeTakeFirst()
        const isWhole = head !== undefined && Number(head.seq) === events && head.hash === hash
        return isWhole ? { events } : { events, firstBroken: events + 1 }
      }, signal)
    },
  }
}

/** So many applications are remembered. */
const MOST_SEARCHED = 1000

/**
 * Whether anybody was signed in to an application. What was searched stays so, for events never change: the next search
 * begins where the last one has ended.
 */
function createSignInSearch({ kysely }: Database<Tables>): (entityId: string, from: Instant) => Promise<boolean> {
  const searched = new Map<string, { readonly found: boolean; readonly upTo: string }>()
  return async (entityId, from) => {
    const key = `${from} ${entityId}`
    const { found = false, upTo: after = '0' } = searched.get(key) ?? {}
    if (found) return true
    const head = await kysely.selectFrom('audit_head').select('seq').executeTakeFirst()
    const upTo = head?.seq ?? '0'
    // The latest first: where there are many, one is soon found.
    const { rows } = await sql`
      select from audit_event
      where event = 'saml.idp.auth' and seq > ${after} and seq <= ${upTo} and happened_at >= ${toTimestamp(from)}
        and fields ->> 'success' = 'true' and fields ->> 'service_provider_entity_id' = ${entityId}
      order by seq desc limit 1
    `.execute(kysely)
    if (searched.size >= MOST_SEARCHED) searched.clear()
    searched.set(key, { found: rows.length > 0, upTo })
    return rows.length > 0
  }
}

/** Few enough events of one kind to gather them all. */
const SHORT_SPAN = days(7)

const isShortSpan = ({ event, code, from, to }: AuditQuery): boolean =>
  (event !== undefined || code !== undefined) &&
  from !== undefined &&
  to !== undefined &&
  between(from, to) <= SHORT_SPAN

function conditionsOf({ before, after, uid, event, code, user, subject, from, to, text }: AuditQuery) {
  return [
    before === undefined ? undefined : sql<boolean>`seq < ${before}`,
    after === undefined ? undefined : sql<boolean>`seq > ${after}`,
    uid === undefined ? undefined : sql<boolean>`uid = ${uid}`,
    event === undefined ? undefined : sql<boolean>`event = ${event}`,
    code === undefined ? undefined : sql<boolean>`code = ${code}`,
    user === undefined ? undefined : sql<boolean>`user_name = ${user}`,
    subject === undefined ? undefined : sql<boolean>`subjects @> array[${subject}]`,
    from === undefined ? undefined : sql<boolean>`happened_at >= ${toTimestamp(from)}`,
    to === undefined ? undefined : sql<boolean>`happened_at < ${toTimestamp(to)}`,
    text === undefined
      ? undefined
      : sql<boolean>`position(lower(${text}) in lower(concat_ws(' ', event, user_name, fields::text))) > 0`,
  ].filter((condition) => condition !== undefined)
}

/** The latest decision on each subject among the events after a position. */
export async function latestDecisions(kysely: Kysely<Tables>, after: number): Promise<ReadonlyMap<Subject, string>> {
  const { rows } = await sql<{ subject: Subject; uid: string }>`
    select distinct on (subject) subject, uid from audit_event, unnest(subjects) as subject
    where seq > ${after} and event = any(${[...DECISION_EVENTS]}::text[]) order by subject, seq desc
  `.execute(kysely)
  return new Map(rows.map(({ subject, uid }) => [subject, uid]))
}

async function readPage(kysely: Kysely<Tables>, after: number): Promise<readonly RecordedAuditEvent[]> {
  const query = kysely.selectFrom('audit_event').selectAll().where('seq', '>', String(after)).orderBy('seq')
  return (await query.limit(EVENTS_PER_PAGE).execute()).map(parseEvent)
}

const parseEvent = (row: Selectable<Tables['audit_event']>): RecordedAuditEvent => ({
  seq: Number(row.seq),
  uid: row.uid,
  event: row.event,
  code: row.code,
  time: toInstant(row.happened_at),
  ...optional('user', row.user_name, same),
  subjects: row.subjects,
  fields: row.fields,
  previousHash: row.previous_hash,
  hash: row.hash,
})
