import { type AccessListId, DomainError, type ReviewDraft, type UserId } from '@gatehouse/domain'

/**
 * Reviews that are begun and not filed, one for each list and person. A draft goes with its list and its person, with
 * the date that it is for, and when its review is filed.
 */
export interface ReviewDrafts {
  find(
    of: { readonly list: AccessListId; readonly reviewer: UserId },
    signal: AbortSignal,
  ): Promise<ReviewDraft | undefined>
  /** Of all lists. */
  listOf(reviewer: UserId, signal: AbortSignal): Promise<readonly ReviewDraft[]>
  /**
   * `replacing` is the version that the change was made on. @throws DomainError `conflict` when it was changed or is gone
   * since, `stale` when the list has another date by now, or is gone
   */
  save(draft: ReviewDraft, replacing: string | undefined, signal: AbortSignal): Promise<void>
  /** @throws DomainError `conflict` when it was changed since */
  remove(draft: Pick<ReviewDraft, 'list' | 'reviewer' | 'version'>, signal: AbortSignal): Promise<void>
}

/** By the same person, in another window or at another machine. */
export const draftChanged = (): DomainError =>
  new DomainError({
    code: 'conflict',
    message: 'You have changed, submitted or begun anew this review elsewhere in the meantime.',
    remedy: 'Read its draft again, and repeat the change.',
  })
