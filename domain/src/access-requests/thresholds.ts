import type { RoleName } from '../kernel/names.ts'
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
      ({ name, approve, deny }) => name === threshold.name && approve === threshold.approve && deny === threshold.deny,
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

/** What the reviews so far amount to; the review that tipped it gives the reason. */
export function resolution(
  request: Pick<AccessRequest, 'thresholds' | 'roleThresholds'>,
  reviews: readonly Review[],
): { verdict: 'approved' | 'denied'; by: Review } | undefined {
  let approvals = 0
  let denials = 0
  for (const review of reviews) {
    if (review.verdict === 'approve') approvals++
    if (review.verdict === 'deny') denials++
    if (request.thresholds.some(({ deny }) => deny > 0 && denials >= deny)) return { verdict: 'denied', by: review }
    if (isApproved(request, approvals)) return { verdict: 'approved', by: review }
  }
  return undefined
}

/** A role without a set was covered by nobody, and is never approved. */
function isApproved(request: Pick<AccessRequest, 'thresholds' | 'roleThresholds'>, approvals: number): boolean {
  const isMet = (index: number): boolean => {
    const approve = request.thresholds[index]?.approve ?? 0
    return approve > 0 && approvals >= approve
  }
  const perRole = Object.values(request.roleThresholds)
  return perRole.length > 0 && perRole.every((sets) => sets.length > 0 && sets.every((set) => set.some(isMet)))
}
