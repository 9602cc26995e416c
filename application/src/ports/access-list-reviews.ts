import type { AccessListId, AccessListReview } from '@gatehouse/domain'

/** Reads the reviews that were filed; filing one is a commit like any other. */
export interface AccessListReviews {
  /** Newest first, of one list or of all; `before` is a `seq` to page on from. Those of a list that is gone are still there. */
  list(
    query: { readonly list?: AccessListId; readonly limit: number; readonly before?: number },
    signal: AbortSignal,
  ): Promise<readonly RecordedReview[]>
  find(id: string, signal: AbortSignal): Promise<RecordedReview | undefined>
}

/** Numbered in the order in which they were filed. */
export interface RecordedReview extends AccessListReview {
  readonly seq: number
}
