import type { AccessRequest } from './access-request.ts'
import type { Threshold } from '../roles/role.ts'

/** One set of thresholds, any of which will do. */
export interface Need {
  readonly met: boolean
  readonly thresholds: readonly { readonly threshold: Threshold; readonly approvals: number }[]
}

/** What it takes to approve a request, and how far it has come. Every need has to be met. */
export function needsOf(request: AccessRequest): readonly Need[] {
  const sets = new Map(
    Object.values(request.roleThresholds)
      .flat()
      .map((set) => [set.toSorted((a, b) => a - b).join(), set]),
  )
  return [...sets.values()].map((set) => {
    const thresholds = set.flatMap((index) => {
      const threshold = request.thresholds[index]
      return threshold ? [{ threshold, approvals: approvalsOf(request, index) }] : []
    })
    return {
      met: thresholds.some(({ threshold: { approve }, approvals }) => approve > 0 && approvals >= approve),
      thresholds,
    }
  })
}

const approvalsOf = ({ reviews, thresholds }: AccessRequest, index: number): number =>
  reviews.filter(
    (review) =>
      review.verdict === 'approve' &&
      !review.isVoid &&
      (review.thresholds?.includes(index) ?? (!thresholds[index]?.filter && !thresholds[index]?.reviewers)),
  ).length
