import type { AccessListReviews, RecordedReview } from '@gatehouse/application'
import { type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../engine/database.ts'
import type { ReviewFiled } from './record-rows.ts'
import type { Tables } from './schema.ts'
import { optional, toInstant, toJson, toTimestamp } from './values.ts'

export function createPostgresAccessListReviews(database: Database<Tables>): AccessListReviews {
  return {
    async list({ list, limit, before }, signal) {
      signal.throwIfAborted()
      let query = database.kysely.selectFrom('access_list_review').selectAll()
      if (list !== undefined) query = query.where('list_id', '=', list)
      if (before !== undefined) query = query.where('seq', '<', String(before))
      return (await query.orderBy('seq', 'desc').limit(limit).execute()).map(parseReview)
    },
    async find(id, signal) {
      signal.throwIfAborted()
      const found = database.kysely.selectFrom('access_list_review').selectAll()
      const row = await found.where(sql<string>`id`, '=', id).executeTakeFirst()
      return row && parseReview(row)
    },
  }
}

/** Only ever adds. */
export async function appendReviews(transaction: Transaction<Tables>, filed: readonly ReviewFiled[]): Promise<void> {
  for (const { review } of filed)
    await sql`
      insert into access_list_review (id, list_id, reviewer, reviewed_at, notes, changes, next_review_at)
      values (
        ${review.id}, ${review.list}, ${review.reviewer}, ${toTimestamp(review.reviewedAt)},
        ${review.notes}, ${toJson(review.changes)}::jsonb,
        ${review.nextAuditDate === undefined ? null : toTimestamp(review.nextAuditDate)}
      )
    `.execute(transaction)
}

const parseReview = (row: Selectable<Tables['access_list_review']>): RecordedReview => ({
  seq: Number(row.seq),
  id: row.id,
  list: row.list_id,
  reviewer: row.reviewer,
  reviewedAt: toInstant(row.reviewed_at),
  notes: row.notes,
  changes: row.changes,
  ...optional('nextAuditDate', row.next_review_at, toInstant),
})
