import { toCanonicalJson } from '../audit/canonical-json.ts'
import { type Instant, plus } from '../kernel/instant.ts'
import type { RoleName } from '../kernel/names.ts'
import { holds } from '../predicates/predicate.ts'
import { THRESHOLD_SCOPE, type ValuesOf } from '../predicates/scopes.ts'
import type { Role, Threshold } from '../roles/role.ts'
import {
  type AccessRequest,
  type RequestDetails,
  type RequestRow,
  type Review,
  isRoleRequest,
  rowsOf,
} from './access-request.ts'

const DEFAULT_THRESHOLD: Threshold = { name: 'default', approve: 1, deny: 1 }

/**
 * Each block that covers a role adds one set of thresholds to it; all sets must be met, each by any of its thresholds.
 * What approval rules add is met in addition, for every role. Identical thresholds share an index.
 */
export function thresholdsFor(
  names: readonly RoleName[],
  blocks: readonly (readonly Role[])[],
  added: readonly (readonly Threshold[])[] = [],
): Pick<RequestDetails, 'thresholds' | 'roleThresholds'> {
  const indexes = new Map<string, number>()
  const thresholds: Threshold[] = []
  const indexOf = (threshold: Threshold): number => {
    const key = toCanonicalJson(threshold)
    const index = indexes.get(key) ?? thresholds.push(threshold) - 1
    indexes.set(key, index)
    return index
  }
  const setOf = (set: readonly Threshold[]): readonly number[] => [...new Set(set.map(indexOf))]
  const roleThresholds = names.map((name, index) => {
    const own = (blocks[index] ?? []).map(({ allow }) =>
      setOf(allow.request.thresholds.length > 0 ? allow.request.thresholds : [DEFAULT_THRESHOLD]),
    )
    // A role that no block covers stays without a set: rules add to what is needed, and cover nothing.
    return [name, own.length === 0 ? [] : [...own, ...added.map(setOf)]] as const
  })
  return { thresholds, roleThresholds: Object.fromEntries(roleThresholds) }
}

/** The same request with further sets to be met for every role; those that it has already are not added again. */
export function withMoreThresholds<R extends AccessRequest>(request: R, added: readonly (readonly Threshold[])[]): R {
  const thresholds = [...request.thresholds]
  const indexes = new Map(thresholds.map((threshold, index) => [toCanonicalJson(threshold), index]))
  const indexOf = (threshold: Threshold): number => {
    const key = toCanonicalJson(threshold)
    const index = indexes.get(key) ?? thresholds.push(threshold) - 1
    indexes.set(key, index)
    return index
  }
  const sets = added.map((set) => [...new Set(set.map(indexOf))])
  // Any one of a set will do, so their order says nothing.
  const nameOf = (set: readonly number[]): string => set.toSorted((a, b) => a - b).join()
  const known = new Set(Object.values(request.roleThresholds).flatMap((own) => own.map(nameOf)))
  const fresh = sets.filter((set) => !known.has(nameOf(set)))
  if (fresh.length === 0) return request
  const roleThresholds = Object.fromEntries(
    Object.entries(request.roleThresholds).map(([role, own]) => [role, own.length === 0 ? own : [...own, ...fresh]]),
  )
  return { ...request, thresholds, roleThresholds }
}

/** When a threshold begins to count reviews. */
export const opensAt = ({ opensAfter }: Threshold, { createdAt }: Pick<RequestDetails, 'createdAt'>): Instant =>
  opensAfter === undefined ? createdAt : plus(createdAt, opensAfter)

/** What a reviewer is asked for by thresholds, besides what conditions ask. */
export interface Counting {
  readonly values: ValuesOf<typeof THRESHOLD_SCOPE>
  /** Says whether he is among the people that a threshold names. */
  readonly isNamed: (threshold: Threshold) => boolean
}

/** The thresholds that would count this reviewer, open or not. */
export const thresholdsFitting = (thresholds: readonly Threshold[], { values, isNamed }: Counting): readonly number[] =>
  thresholds.flatMap((threshold, index) => {
    const { filter } = threshold
    return isNamed(threshold) && (!filter || holds(filter, THRESHOLD_SCOPE, values)) ? [index] : []
  })

export type Resolution =
  | { readonly verdict: 'approved'; readonly reason: string; readonly denied: readonly RequestRow[] }
  | { readonly verdict: 'denied'; readonly reason: string }

/**
 * What the reviews so far amount to, row by row: a row is denied when any threshold has its denials, and else approved
 * when all its sets are met. The request is settled with its last row, and the review that tipped it gives the reason; until
 * then a row that has its approvals may still be denied.
 */
export function resolution(
  request: Pick<AccessRequest, 'thresholds' | 'roleThresholds' | 'resources' | 'applications' | 'roles' | 'automatic'>,
  reviews: readonly Review[],
): Resolution | undefined {
  const { automatic } = request
  if (automatic?.verdict === 'deny') return { verdict: 'denied', reason: automatic.reason }
  const tallies = rowsOf(request).map((row) => createTally(row, request))
  const outcomeOf = (reason: string): Resolution | undefined => {
    if (tallies.length === 0 || tallies.some(({ verdict }) => verdict === undefined)) return undefined
    const denied = tallies.filter(({ verdict }) => verdict === 'denied').map(({ row }) => row)
    return denied.length === tallies.length ? { verdict: 'denied', reason } : { verdict: 'approved', reason, denied }
  }
  if (automatic?.shown !== undefined) {
    for (const tally of tallies) tally.countRule()
    const outcome = outcomeOf(automatic.reason)
    if (outcome) return outcome
  }
  for (const review of reviews) {
    if (review.isVoid || review.verdict === 'promote') continue
    for (const tally of tallies) tally.count(review)
    const outcome = outcomeOf(review.reason)
    if (outcome) return outcome
  }
  return undefined
}

interface Tally {
  readonly row: RequestRow
  readonly verdict: 'approved' | 'denied' | undefined
  count(review: Review): void
  /** A rule stands in for one person where any one will do, and never for one of several or of some. */
  countRule(): void
}

/** The count of one row. */
function createTally(
  row: RequestRow,
  request: Pick<AccessRequest, 'thresholds' | 'roleThresholds' | 'resources' | 'applications'>,
): Tally {
  const { thresholds } = request
  const approvals = thresholds.map(() => 0)
  const denials = thresholds.map(() => 0)
  const perRole = isRoleRequest(request) ? [request.roleThresholds[row] ?? []] : Object.values(request.roleThresholds)
  let verdict: Tally['verdict']
  const isMet = (index: number): boolean => {
    const approve = thresholds[index]?.approve ?? 0
    return approve > 0 && (approvals[index] ?? 0) >= approve
  }
  const settle = (): void => {
    if (verdict === 'denied') return
    if (thresholds.some(({ deny }, index) => deny > 0 && (denials[index] ?? 0) >= deny)) verdict = 'denied'
    // A role without a set was covered by nobody, and is never approved.
    else if (perRole.length > 0 && perRole.every((sets) => sets.length > 0 && sets.every((set) => set.some(isMet))))
      verdict = 'approved'
  }
  return {
    row,
    get verdict() {
      return verdict
    },
    count(review) {
      const approves = review.verdict === 'approve' && (review.rows?.includes(row) ?? true)
      const counts = approves ? approvals : denials
      for (const index of countedFor(review, thresholds)) counts[index] = (counts[index] ?? 0) + 1
      settle()
    },
    countRule() {
      for (const [index, { approve, filter, reviewers, rule }] of thresholds.entries())
        if (approve === 1 && !filter && !reviewers && rule === undefined) approvals[index] = (approvals[index] ?? 0) + 1
      settle()
    },
  }
}

const countedFor = (review: Review, thresholds: readonly Threshold[]): readonly number[] =>
  review.thresholds ?? thresholds.flatMap(({ filter, reviewers }, index) => (filter || reviewers ? [] : [index]))
