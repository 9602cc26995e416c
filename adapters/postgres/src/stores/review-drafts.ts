import { draftChanged, type RecordChange, type ReviewDrafts } from '@gatehouse/application'
import { type AccessListId, DomainError, type ReviewDraft } from '@gatehouse/domain'
import { type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../engine/database.ts'
import { lockingTransaction } from './locking-transaction.ts'
import type { Tables } from './schema.ts'
import { optional, same, toInstant, toJson, toTimestamp } from './values.ts'

export const createPostgresReviewDrafts = (database: Database<Tables>): ReviewDrafts => ({
  async find({ list, reviewer }, signal) {
    signal.throwIfAborted()
    const query = database.kysely.selectFrom('review_draft').selectAll()
    const row = await query.where('list_id', '=', list).where('user_id', '=', reviewer).executeTakeFirst()
    return row && parseDraft(row)
  },
  async listOf(reviewer, signal) {
    signal.throwIfAborted()
    const query = database.kysely.selectFrom('review_draft').selectAll().where('user_id', '=', reviewer)
    return (await query.execute()).map(parseDraft)
  },
  save: (draft, replacing, signal) =>
    lockingTransaction(
      database,
      async (transaction) => {
        await holdDate(transaction, draft)
        const isSaved = await (replacing === undefined
          ? insert(transaction, draft)
          : update(transaction, draft, replacing))
        if (!isSaved) throw draftChanged()
      },
      signal,
    ),
  async remove({ list, reviewer, version }, signal) {
    signal.throwIfAborted()
    const query = database.kysely.deleteFrom('review_draft').where('list_id', '=', list)
    const removed = query.where('user_id', '=', reviewer).where('version', '=', version).returning('version')
    if (!(await removed.executeTakeFirst())) throw draftChanged()
  },
})

/** Which drafts a commit of records ends: those of filed reviews, and those for a date that is not the list's any more. */
export async function endDrafts(
  transaction: Transaction<Tables>,
  { filed, lists }: { readonly filed: readonly DraftEnded[]; readonly lists: readonly AccessListId[] },
): Promise<void> {
  for (const { list, reviewer } of filed)
    await sql`delete from review_draft where list_id = ${list} and user_id = ${reviewer}`.execute(transaction)
  if (lists.length === 0) return
  await sql`
    delete from review_draft using access_list
    where list_id = access_list.id and list_id = any(${lists})
      and review_draft.next_review_at is distinct from access_list.next_review_at
  `.execute(transaction)
}

export type DraftEnded = Extract<RecordChange, { readonly delete: 'review-draft' }>

/**
 * Whoever files a review meanwhile waits, and finds the draft; or has filed it, and this one is too late. The person is
 * locked before the list, as commits write them, so that neither waits for the other in a circle.
 */
async function holdDate(
  transaction: Transaction<Tables>,
  { list, reviewer, dueAt }: Pick<ReviewDraft, 'list' | 'reviewer' | 'dueAt'>,
): Promise<void> {
  const { rows } = await sql`
    select from local_user, access_list
    where access_list.id = ${list} and access_list.next_review_at is not distinct from ${timestampOf(dueAt)}::timestamptz
      and local_user.id = ${reviewer}
    for share
  `.execute(transaction)
  if (rows.length === 0) throw new DomainError({ code: 'stale', kind: 'access list', name: list })
}

/** In place of what a server of the version before has left behind. */
async function insert(transaction: Transaction<Tables>, draft: ReviewDraft): Promise<boolean> {
  const { rows } = await sql`
    insert into review_draft (list_id, user_id, version, next_review_at, verdicts, rest_of, notes, saved_at)
    values (
      ${draft.list}, ${draft.reviewer}, ${draft.version}, ${timestampOf(draft.dueAt)}, ${toJson(draft.verdicts)}::jsonb,
      ${draft.restOf ?? null}, ${draft.notes}, ${toTimestamp(draft.savedAt)}
    )
    on conflict (list_id, user_id) do update
      set version = excluded.version, next_review_at = excluded.next_review_at, verdicts = excluded.verdicts,
        rest_of = excluded.rest_of, notes = excluded.notes, saved_at = excluded.saved_at
      where review_draft.next_review_at is distinct from excluded.next_review_at
    returning version
  `.execute(transaction)
  return rows.length > 0
}

async function update(transaction: Transaction<Tables>, draft: ReviewDraft, replacing: string): Promise<boolean> {
  const { rows } = await sql`
    update review_draft
    set version = ${draft.version}, next_review_at = ${timestampOf(draft.dueAt)},
      verdicts = ${toJson(draft.verdicts)}::jsonb, rest_of = ${draft.restOf ?? null}, notes = ${draft.notes},
      saved_at = ${toTimestamp(draft.savedAt)}
    where list_id = ${draft.list} and user_id = ${draft.reviewer} and version = ${replacing}
    returning version
  `.execute(transaction)
  return rows.length > 0
}

const timestampOf = (dueAt: ReviewDraft['dueAt']): string | null => (dueAt === undefined ? null : toTimestamp(dueAt))

const parseDraft = (row: Selectable<Tables['review_draft']>): ReviewDraft => ({
  list: row.list_id,
  reviewer: row.user_id,
  version: row.version,
  dueAt: row.next_review_at === null ? undefined : toInstant(row.next_review_at),
  verdicts: row.verdicts,
  ...optional('restOf', row.rest_of, same),
  notes: row.notes,
  savedAt: toInstant(row.saved_at),
})
