import type { Instant } from '../kernel/instant.ts'

/**
 * Why something is taken away. `foreign` appeared in AWS without us, `disappeared` is wanted no longer though nobody
 * decided it: these two count against the budget.
 */
export type RemovalCause =
  | { readonly kind: 'expired'; readonly at: Instant }
  | { readonly kind: 'decided'; readonly event: string }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'disappeared' }
