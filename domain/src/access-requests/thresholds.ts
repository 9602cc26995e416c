import type { RoleName } from '../kernel/names.ts'
import { holds } from '../predicates/predicate.ts'
import { THRESHOLD_SCOPE, type ValuesOf } from '../predicates/scopes.ts'
import type { Role, Threshold } from '../roles/role.ts'
import type { AccessRequest, RequestDetails, Review } from './access-request.ts'

const DEFAULT_THRESHOLD: Threshold = { name: 'default', approve: 1, deny: 1 }

/**
 * Each block that covers a role adds one set of thresholds to it; all sets must be met, each by any of its thresholds.
 * Identical thresholds share an index.
 */
export function thresholdsFor(
  names: readonly RoleName[],
  blocks: readonly (readonly Role[])[],
): Pick<RequestDetails, 'thresholds' | 'roleThresholds'> {
  const thresholds: Threshold[] = []
  const indexOf = (threshold: Threshold): number => {
    const known = thresholds.findIndex(
      ({ name, approve, deny, filter }) =>
        name === threshold.name &&
        approve === threshold.approve &&
        deny === threshold.deny &&
        filter === threshold.filter,
    )
    return known >= 0 ? known : thresholds.push(threshold) - 1
  }
  const roleThresholds = names.map((name, index) => {
    const sets = (blocks[index] ?? []).map(({ allow }) => {
      const own = allow.request.thresholds.length > 0 ? allow.request.thresholds : [DEFAULT_THRESHOLD]
      return [...new Set(own.map(indexOf))]
    })
    return [name, sets] as const
  })
  return { thresholds, roleThresholds: Object.fromEntries(roleThresholds) }
}

/** The thresholds for which a review counts: those without a filter, and those whose filter it meets. */
export const thresholdsMet = (
  thresholds: readonly Threshold[],
  values: ValuesOf<typeof THRESHOLD_SCOPE>,
): readonly number[] =>
  thresholds.flatMap(({ filter }, index) => (!filter || holds(filter, THRESHOLD_SCOPE, values) ? [index] : []))

/** What the reviews so far amount to; the review that tipped it gives the reason. */
export function resolution(
  request: Pick<AccessRequest, 'thresholds' | 'roleThresholds'>,
  reviews: readonly Review[],
): { verdict: 'approved' | 'denied'; by: Review } | undefined {
  const approvals = request.thresholds.map(() => 0)
  const denials = request.thresholds.map(() => 0)
  for (const review of reviews) {
    const counts = review.verdict === 'approve' ? approvals : review.verdict === 'deny' ? denials : undefined
    for (const index of countedFor(review, request.thresholds)) if (counts) counts[index] = (counts[index] ?? 0) + 1
    if (request.thresholds.some(({ deny }, index) => deny > 0 && (denials[index] ?? 0) >= deny))
      return { verdict: 'denied', by: review }
    if (isApproved(request, approvals)) return { verdict: 'approved', by: review }
  }
  return undefined
}

const countedFor = (review: Review, thresholds: readonly Threshold[]): readonly number[] =>
  review.thresholds ?? thresholds.flatMap(({ filter }, index) => (filter ? [] : [index]))

/** A role without a set was covered by nobody, and is never approved. */
function isApproved(
  request: Pick<AccessRequest, 'thresholds' | 'roleThresholds'>,
  approvals: readonly number[],
): boolean {
  const isMet = (index: number): boolean => {
    const approve = request.thresholds[index]?.approve ?? 0
    return approve > 0 && (approvals[index] ?? 0) >= approve
  }
  const perRole = Object.values(request.roleThresholds)
  return perRole.length > 0 && perRole.every((sets) => sets.length > 0 && sets.every((set) => set.some(isMet)))
}
