import type { View } from '../desired-state/view.ts'
import { days, type Instant, latest, plus } from '../kernel/instant.ts'
import { type AccessRequest, isRoleRequest, type RequestDetails, type Review } from './access-request.ts'
import { MAX_REQUEST_DURATION } from './limits.ts'
import { resolution } from './thresholds.ts'

/** A request whose approvals have become void waits so long for others. */
const PENDING_AGAIN = days(7)

/** What the reviews, or a rule, make of a request. Its access lasts as long as was granted, from its beginning. */
export function settle(request: AccessRequest, view: View, now: Instant): AccessRequest {
  const outcome = resolution(request, request.reviews)
  if (!outcome) return request
  const settled = { resolvedAt: now, resolveReason: outcome.reason }
  const { state: _, ...details } = request
  if (outcome.verdict === 'denied') return { ...details, ...settled, state: 'denied' }
  return {
    ...details,
    ...settled,
    state: 'approved',
    ...timesOf(request, view, now),
    ...(isRoleRequest(request) ? { approvedRoles: rolesNow(request, view) } : {}),
    rowsOut: outcome.denied.map((row) => ({ row, why: 'denied', at: now })),
  }
}

const rolesNow = (request: AccessRequest, view: View) =>
  Object.fromEntries(
    request.roles.flatMap((reference) => {
      const resolved = view.resolveRole(reference)
      return resolved.kind === 'stored' ? [[reference.name, resolved.role.allow.accountAssignments] as const] : []
    }),
  )

/** The latest start time that a reviewer chose counts. What prolongs begins at once, and is counted from the other's end. */
function timesOf(
  request: AccessRequest,
  view: View,
  now: Instant,
): { startsAt: Instant; expiresAt: Instant; checkedAt?: Instant } {
  const chosen = request.reviews.findLast(({ assumeStartTime, isVoid }) => assumeStartTime !== undefined && !isVoid)
  const wanted = chosen?.assumeStartTime ?? request.assumeStartTime ?? now
  const startsAt = latest(wanted, now)
  const before = view.requests.find(({ id }) => id === request.prolongs)
  const from = before?.state === 'approved' ? latest(before.expiresAt, startsAt) : startsAt
  const expiresAt = plus(from, request.duration)
  const longest = plus(startsAt, MAX_REQUEST_DURATION)
  return {
    startsAt,
    expiresAt: expiresAt < longest ? expiresAt : longest,
    ...(startsAt === now ? { checkedAt: now } : {}),
  }
}

/** Says whether approved access is to begin, and waits for its permission sets to be read. */
export const isToBegin = (request: AccessRequest, now: Instant): boolean =>
  request.state === 'approved' && request.checkedAt === undefined && request.startsAt <= now && now < request.expiresAt

/**
 * Lets approved access begin if there is now what was approved; otherwise the approvals are void and the request waits
 * for others.
 * @param shown the hash of what there is to see now
 */
export function beginAccess(request: AccessRequest, shown: string, now: Instant): AccessRequest {
  if (request.state !== 'approved' || !isToBegin(request, now)) return request
  const approvals = request.reviews.filter(({ verdict, isVoid }) => verdict === 'approve' && !isVoid)
  const { automatic } = request
  const isAsShown =
    approvals.every((review) => review.shown === shown) && (automatic?.shown === undefined || automatic.shown === shown)
  if (isAsShown) return { ...request, checkedAt: now }
  return {
    ...detailsOf(withoutStale(request, shown)),
    pendingUntil: latest(request.pendingUntil, plus(now, PENDING_AGAIN)),
    state: 'pending',
  }
}

/** The request with what it was when it was approved taken off it. */
function detailsOf(request: AccessRequest & { readonly state: 'approved' }): RequestDetails {
  const {
    state: _,
    resolvedAt: _resolvedAt,
    resolveReason: _resolveReason,
    startsAt: _startsAt,
    expiresAt: _expiresAt,
    checkedAt: _checkedAt,
    rowsOut: _rowsOut,
    approvedSets: _approvedSets,
    setChanges: _setChanges,
    approvedRoles: _approvedRoles,
    ...details
  } = request
  return details
}

/** Approvals of something else than there is now, a rule's too, do not count any more. */
export function withoutStale<R extends AccessRequest>(request: R, shown: string): R {
  const reviews = request.reviews.map((review): Review =>
    review.verdict === 'approve' && review.shown !== shown ? { ...review, isVoid: true } : review,
  )
  const { automatic } = request
  if (automatic?.shown === undefined || automatic.shown === shown) return { ...request, reviews }
  const { shown: _, ...unread } = automatic
  return { ...request, reviews, automatic: unread }
}
