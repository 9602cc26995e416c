import { DomainError, type ReviewDraft } from '@gatehouse/domain'
import type { AccessListReviews } from '../ports/access-list-reviews.ts'
import { draftChanged, type ReviewDrafts } from '../ports/review-drafts.ts'
import type { RecordState } from './in-memory-state.ts'

/** The records as they are when something is asked: a commit replaces them. */
type Records = () => RecordState

export const inMemoryReviews = (records: Records): AccessListReviews => ({
  async list({ list, limit, before = Number.POSITIVE_INFINITY }) {
    const found = records().reviews.filter(
      (review) => (list === undefined || review.list === list) && review.seq < before,
    )
    return found.toReversed().slice(0, limit)
  },
  async find(id) {
    return records().reviews.find((review) => review.id === id)
  },
})

export const inMemoryDrafts = (records: Records): ReviewDrafts => ({
  async find(of) {
    return records().reviewDrafts.get(draftKey(of))
  },
  async listOf(reviewer) {
    return [...records().reviewDrafts.values()].filter((draft) => draft.reviewer === reviewer)
  },
  async save(draft, replacing) {
    const { reviewDrafts, lists, users } = records()
    const list = lists.get(draft.list)
    if (!list || list.audit.nextAuditDate !== draft.dueAt || !users.has(draft.reviewer))
      throw new DomainError({ code: 'stale', kind: 'access list', name: draft.list })
    if (reviewDrafts.get(draftKey(draft))?.version !== replacing) throw draftChanged()
    reviewDrafts.set(draftKey(draft), structuredClone(draft))
  },
  async remove(draft) {
    const { reviewDrafts } = records()
    if (reviewDrafts.get(draftKey(draft))?.version !== draft.version) throw draftChanged()
    reviewDrafts.delete(draftKey(draft))
  },
})

export const draftKey = ({ list, reviewer }: Pick<ReviewDraft, 'list' | 'reviewer'>): string => `${list} ${reviewer}`

/** Those whose list, date or person is gone. */
export function sweepDrafts({ reviewDrafts, lists, users }: RecordState): void {
  for (const [key, { list: id, reviewer, dueAt }] of reviewDrafts) {
    const list = lists.get(id)
    if (!list || list.audit.nextAuditDate !== dueAt || !users.has(reviewer)) reviewDrafts.delete(key)
  }
}
