import { type Instant, latest, type OrganizationId, type Remembered, type RemovalKind } from '@gatehouse/domain'
import type { MemoryChange, StoredMemory } from '@gatehouse/application'
import { type Selectable, sql, type Transaction } from 'kysely'
import { applyChanges, put, remove, type RowChange } from './apply-changes.ts'
import { latestDecisions } from './audit-log.ts'
import { bulkTable } from './bulk.ts'
import { readProgress, writeProgress } from './progress.ts'
import type { Tables } from './schema.ts'
import { optional, same, toInstant, toJson, toTimestamp } from './values.ts'

const REMEMBERED = {
  organization_id: 'text',
  key: 'text',
  confirmed: 'boolean',
  until_at: 'timestamptz',
  subjects: 'jsonb',
  ending: 'jsonb',
} as const
const ASSIGNMENT = bulkTable('remembered_assignment', ['organization_id', 'key'], REMEMBERED)
const MEMBER = bulkTable('remembered_member', ['organization_id', 'key'], REMEMBERED)
const MADE = bulkTable('made_assignment', ['organization_id', 'key'], { organization_id: 'text', key: 'text' })
const FOUND = bulkTable('found_assignment', ['organization_id', 'key'], { organization_id: 'text', key: 'text' })
const RELEASED = bulkTable('released_removal', ['organization_id', 'key'], { organization_id: 'text', key: 'text' })

export async function readMemory(
  transaction: Transaction<Tables>,
  organization: OrganizationId,
): Promise<StoredMemory> {
  const of = ['organization_id', '=', organization] as const
  const assignments = await transaction
    .selectFrom('remembered_assignment')
    .select(['key', 'confirmed', 'until_at', 'subjects', 'ending'])
    .where(...of)
    .execute()
  const members = await transaction
    .selectFrom('remembered_member')
    .select(['key', 'confirmed', 'until_at', 'subjects', 'ending'])
    .where(...of)
    .execute()
  const removals = await transaction
    .selectFrom('done_removal')
    .selectAll()
    .where(...of)
    .orderBy('id')
    .execute()
  const released = await transaction
    .selectFrom('released_removal')
    .select('key')
    .where(...of)
    .execute()
  const made = await transaction
    .selectFrom('made_assignment')
    .select('key')
    .where(...of)
    .execute()
  const found = await transaction
    .selectFrom('found_assignment')
    .select('key')
    .where(...of)
    .execute()
  const { roundSeq, clockFloor } = await readProgress(transaction, organization)
  return {
    assignments: new Map(assignments.map((row) => [row.key, parseRemembered(row)])),
    members: new Map(members.map((row) => [row.key, parseRemembered(row)])),
    decidedSince: await latestDecisions(transaction, roundSeq),
    roundSeq,
    removals: removals.map(({ kind, done_at }) => ({ kind, at: toInstant(done_at) })),
    released: new Set(released.map(({ key }) => key)),
    made: new Set(made.map(({ key }) => key)),
    found: new Set(found.map(({ key }) => key)),
    clockFloor,
  }
}

function parseRemembered(
  row: Pick<Selectable<Tables['remembered_assignment']>, 'confirmed' | 'until_at' | 'subjects' | 'ending'>,
): Remembered {
  return {
    confirmed: row.confirmed,
    ...optional('until', row.until_at, toInstant),
    subjects: row.subjects,
    ...optional('ending', row.ending, same),
  }
}

export async function writeMemory(
  transaction: Transaction<Tables>,
  organization: OrganizationId,
  changes: readonly MemoryChange[],
): Promise<void> {
  const rows: RowChange[] = []
  const removals: { kind: RemovalKind; at: Instant }[] = []
  let round: number | undefined
  let clockFloor: Instant | undefined
  for (const change of changes) {
    if ('delete' in change) {
      const table = { assignment: ASSIGNMENT, member: MEMBER, released: RELEASED, made: MADE, found: FOUND }[
        change.delete
      ]
      rows.push(remove(table, { organization_id: organization, key: change.key }))
      continue
    }
    switch (change.put) {
      case 'assignment':
        rows.push(put(ASSIGNMENT, rememberedRow(organization, change)))
        break
      case 'member':
        rows.push(put(MEMBER, rememberedRow(organization, change)))
        break
      case 'released':
        rows.push(put(RELEASED, { organization_id: organization, key: change.key }))
        break
      case 'made':
        rows.push(put(MADE, { organization_id: organization, key: change.key }))
        break
      case 'found':
        rows.push(put(FOUND, { organization_id: organization, key: change.key }))
        break
      case 'removal':
        removals.push(change)
        break
      case 'round':
        round = change.seq
        break
      case 'clock-floor':
        clockFloor = clockFloor === undefined ? change.at : latest(clockFloor, change.at)
    }
  }
  await applyChanges(transaction, [ASSIGNMENT, MEMBER, RELEASED, MADE, FOUND], rows)
  await addRemovals(transaction, organization, removals)
  await writeProgress(transaction, organization, { round, clockFloor })
}

const rememberedRow = (organization: OrganizationId, { key, remembered }: { key: string; remembered: Remembered }) => ({
  organization_id: organization,
  key,
  confirmed: remembered.confirmed,
  until_at: remembered.until === undefined ? null : toTimestamp(remembered.until),
  subjects: remembered.subjects,
  ending: remembered.ending ?? null,
})

/** What is a day older than the newest has left the budget, and is of no use any more. */
async function addRemovals(
  transaction: Transaction<Tables>,
  organization: OrganizationId,
  removals: readonly { kind: RemovalKind; at: Instant }[],
): Promise<void> {
  if (removals.length === 0) return
  const rows = removals.map(({ kind, at }) => ({ kind, done_at: toTimestamp(at) }))
  await sql`
    insert into done_removal (organization_id, kind, done_at)
    select ${organization}, kind, done_at from json_to_recordset(${toJson(rows)}::json) as input(kind text, done_at timestamptz)
  `.execute(transaction)
  await sql`
    delete from done_removal where organization_id = ${organization} and done_at <
      (select max(done_at) from done_removal where organization_id = ${organization}) - interval '24 hours'
  `.execute(transaction)
}
