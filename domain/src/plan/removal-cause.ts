import type { Instant } from '../kernel/instant.ts'
import type { AccessListId } from '../kernel/names.ts'

/**
 * Why something is taken away. `suspended` is for want of a review, which whoever set the list up has decided. `foreign` appeared in AWS without us, `disappeared` is wanted no longer though nobody
 * decided it: these two count against the budget.
 */
export type RemovalCause =
  | { readonly kind: 'expired'; readonly at: Instant }
  | { readonly kind: 'decided'; readonly event: string }
  | { readonly kind: 'suspended'; readonly list: AccessListId; readonly since: Instant }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'disappeared' }

/** Counts against the budget. */
export const isUndecided = ({ kind }: RemovalCause): boolean => kind === 'foreign' || kind === 'disappeared'
