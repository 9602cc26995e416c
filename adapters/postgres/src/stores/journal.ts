import type { OrganizationId } from '@gatehouse/domain'
import type { JournalChange, JournalEntry } from '@gatehouse/application'
import type { Transaction } from 'kysely'
import { applyChanges, put, remove } from './apply-changes.ts'
import { bulkTable } from './bulk.ts'
import type { Tables } from './schema.ts'
import { optional, same, toInstant, toTimestamp } from './values.ts'

const ENTRY = bulkTable('journal_entry', ['organization_id', 'id'], {
  organization_id: 'text',
  id: 'text',
  key: 'text',
  kind: 'text',
  state: 'text',
  payload: 'jsonb',
  things: 'jsonb',
  request_id: 'text',
  attempts: 'integer',
  not_before: 'timestamptz',
  error: 'text',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
})

export async function readJournal(
  transaction: Transaction<Tables>,
  organization: OrganizationId,
): Promise<readonly JournalEntry[]> {
  const rows = await transaction
    .selectFrom('journal_entry')
    .selectAll()
    .where('organization_id', '=', organization)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    kind: row.kind,
    state: row.state,
    payload: row.payload,
    things: row.things,
    ...optional('requestId', row.request_id, same),
    attempts: row.attempts,
    ...optional('notBefore', row.not_before, toInstant),
    ...optional('error', row.error, same),
    createdAt: toInstant(row.created_at),
    updatedAt: toInstant(row.updated_at),
  }))
}

export async function writeJournal(
  transaction: Transaction<Tables>,
  organization: OrganizationId,
  changes: readonly JournalChange[],
): Promise<void> {
  const rows = changes.map((change) =>
    'put' in change
      ? put(ENTRY, entryRow(organization, change.entry))
      : remove(ENTRY, { organization_id: organization, id: change.id }),
  )
  await applyChanges(transaction, [ENTRY], rows)
}

const entryRow = (organization: OrganizationId, entry: JournalEntry) => ({
  organization_id: organization,
  id: entry.id,
  key: entry.key,
  kind: entry.kind,
  state: entry.state,
  payload: entry.payload,
  things: entry.things,
  request_id: entry.requestId ?? null,
  attempts: entry.attempts,
  not_before: entry.notBefore === undefined ? null : toTimestamp(entry.notBefore),
  error: entry.error ?? null,
  created_at: toTimestamp(entry.createdAt),
  updated_at: toTimestamp(entry.updatedAt),
})
