import { applyRules, type RulesAsking } from '../approval-rules/apply-rules.ts'
import type { View } from '../desired-state/view.ts'
import { days, type Instant, latest, plus } from '../kernel/instant.ts'
import type { RoleName } from '../kernel/names.ts'
import { definitionOf } from '../roles/definition-of.ts'
import {
  type AccessRequest,
  type ApprovedGrants,
  type AutomaticDecision,
  isInForce,
  isRoleRequest,
  type RequestDetails,
  type RequestRow,
  type Review,
  rowOf,
  rowOfApplication,
  rowOfRole,
  type RowOut,
} from './access-request.ts'
import { MAX_REQUEST_DURATION } from './limits.ts'
import { obstacleTo } from './obstacle-to.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import { grantsOfRole } from '../roles/grants-of-role.ts'
import { isRequestLocked, prolongedBy, returnedBefore } from './prolonging.ts'
import { mayReview } from './reviewers.ts'
import { grantsAskedFor } from './shown.ts'
import { resolution, withMoreThresholds } from './thresholds.ts'

/** A request whose approvals have become void waits so long for others. */
const PENDING_AGAIN = days(7)

/**
 * What the reviews, or a rule, make of a request. Its access lasts as long as was granted, from its beginning.
 * @param isRead whether the permission sets have just been read: nothing is approved without
 */
export function settle(
  request: AccessRequest,
  { view, now, isRead }: { readonly view: View; readonly now: Instant; readonly isRead: boolean },
): AccessRequest {
  const asked = withStanding(withRulesOfNow(request, view, { now }), view, now)
  const outcome = resolution(asked, asked.reviews)
  if (!outcome) return asked
  const settled = { resolvedAt: now, resolveReason: outcome.reason }
  const { state: _, ...details } = asked
  if (outcome.verdict === 'denied') return { ...details, ...settled, state: 'denied' }
  if (obstacleTo(asked, view, now)) return withoutApprovals(asked)
  if (!isRead) return asked
  return {
    ...details,
    ...settled,
    state: 'approved',
    ...timesOf(asked, view, now),
    ...whatRolesGive(asked, outcome.denied, view),
    rowsOut: [
      ...outcome.denied.map((row) => ({ row, why: 'denied', at: now }) as const),
      ...returnedBefore(asked, view).filter(({ row }) => !outcome.denied.includes(row)),
    ],
  }
}

/** Says whether a request has all the approvals it needs, and waits for its permission sets to be read. */
export const isToSettle = (request: AccessRequest, now: Instant): boolean =>
  request.state === 'pending' && now < request.pendingUntil && resolution(request, request.reviews) !== undefined

/**
 * Approval rules are asked again whenever a request might be settled: what it is about may have changed since it was
 * filed, and so may they. They only ever add to what is needed; then whoever approved before may say so again. What a
 * rule approved it has to approve now.
 */
export function withRulesOfNow(
  request: AccessRequest,
  view: View,
  asking: Omit<RulesAsking, 'filedAt'>,
): AccessRequest {
  const user = view.userById.get(request.user)
  if (!user) return request
  const grants = grantsAskedFor(request, view)
  const applied = applyRules({ ...request, user, grants }, view, { ...asking, filedAt: request.createdAt })
  const more = withMoreThresholds(request, applied.thresholds)
  const asked = more === request ? request : { ...more, reviews: request.reviews.map(voided) }
  if (applied.decision?.verdict === 'deny') return { ...asked, automatic: applied.decision }
  const { automatic, ...byPeople } = asked
  const isDropped = automatic?.verdict === 'approve' && !applied.approving.some((name) => name === automatic.rule)
  return isDropped ? byPeople : asked
}

/** Approvals of people who are gone, locked, or could not review it now do not count: a stolen account is locked. */
const withStanding = <R extends AccessRequest>(request: R, view: View, now: Instant): R => ({
  ...request,
  reviews: request.reviews.map((review) => (isStanding(review, request, view, now) ? review : voided(review))),
})

function isStanding({ author, verdict, isVoid }: Review, request: AccessRequest, view: View, now: Instant): boolean {
  if (verdict !== 'approve' || isVoid) return true
  const user = view.userById.get(author)
  return user !== undefined && mayReview(request, effectiveRoles(user, view, now), view)
}

/** Nobody has agreed to it any more, no rule either; whoever had may look again. */
const withoutApprovals = <R extends AccessRequest>(request: R): R => ({
  ...request,
  reviews: request.reviews.map(voided),
  ...(request.automatic ? { automatic: unread(request.automatic) } : {}),
})

const unread = ({ rule, verdict, reason }: AutomaticDecision): AutomaticDecision => ({ rule, verdict, reason })

const voided = (review: Review): Review => (review.verdict === 'approve' ? { ...review, isVoid: true } : review)

/** Roles count where they are lent themselves, or open an application: as they are now, each for itself. */
function whatRolesGive(
  request: AccessRequest,
  denied: readonly RequestRow[],
  view: View,
): { approvedGrants?: readonly ApprovedGrants[]; approvedRoles?: Readonly<Record<RoleName, string>> } {
  const isItself = isRoleRequest(request)
  if (!isItself && request.applications.length === 0) return {}
  const given = isItself ? request.roles.filter((role) => !denied.includes(rowOfRole(role))) : request.roles
  const approvedRoles = Object.fromEntries(
    given.flatMap((reference) => {
      const resolved = view.resolveRole(reference)
      return resolved.kind === 'stored' ? [[reference.name, definitionOf(resolved.role)] as const] : []
    }),
  )
  if (!isItself) return { approvedRoles }
  const traits = view.userById.get(request.user)?.traits ?? {}
  const approvedGrants = given.map((reference) => ({
    role: reference.name,
    grants: [...grantsOfRole(reference, view, traits)].toSorted(),
  }))
  return { approvedGrants, approvedRoles }
}

/** The latest start time that an approver chose counts. What prolongs begins at once, and is counted from the other's end. */
function timesOf(
  request: AccessRequest,
  view: View,
  now: Instant,
): { startsAt: Instant; expiresAt: Instant; checkedAt?: Instant } {
  const chosen = request.reviews.findLast(
    ({ assumeStartTime, verdict, isVoid, thresholds }) =>
      assumeStartTime !== undefined && verdict === 'approve' && !isVoid && thresholds?.length !== 0,
  )
  const wanted = chosen?.assumeStartTime ?? request.assumeStartTime ?? now
  const startsAt = latest(wanted, now)
  const from = latest(endOfProlonged(request, view, now) ?? startsAt, startsAt)
  const expiresAt = plus(from, request.duration)
  const longest = plus(startsAt, MAX_REQUEST_DURATION)
  return {
    startsAt,
    expiresAt: expiresAt < longest ? expiresAt : longest,
    ...(startsAt === now ? { checkedAt: now } : {}),
  }
}

/** When the access ends that a request prolongs; nothing when it is over, locked or not there any more. */
export function endOfProlonged(request: AccessRequest, view: View, now: Instant): Instant | undefined {
  const before = prolongedBy(request, view)
  if (before?.state !== 'approved' || !isInForce(before, now)) return undefined
  return isRequestLocked(before, view, now) ? undefined : before.expiresAt
}

/** Says whether approved access is to begin, and waits for its permission sets to be read. */
export const isToBegin = (request: AccessRequest, now: Instant): boolean =>
  request.state === 'approved' && request.checkedAt === undefined && request.startsAt <= now && now < request.expiresAt

/**
 * Lets approved access begin if there is now what was approved; otherwise the approvals are void and the request waits
 * for others.
 * @param shown the hash of what there is to see now, permission sets read afresh
 */
export function beginAccess(
  request: AccessRequest,
  { view, now, shown }: { readonly view: View; readonly now: Instant; readonly shown: string },
): AccessRequest {
  if (request.state !== 'approved' || !isToBegin(request, now)) return request
  const approvals = request.reviews.filter(({ verdict, isVoid }) => verdict === 'approve' && !isVoid)
  const { automatic } = request
  const isAsShown =
    approvals.every((review) => review.shown === shown) && (automatic?.shown === undefined || automatic.shown === shown)
  const open = withRulesOfNow({ ...detailsOf(request), state: 'pending' }, view, { now, begins: true })
  const asked = withStanding(open, view, now)
  const isStillApproved = resolution(asked, asked.reviews)?.verdict === 'approved'
  const obstacle = obstacleTo(asked, view, now)
  if (isAsShown && isStillApproved && !obstacle) return { ...request, checkedAt: now }
  const isLess = request.rowsOut.some(({ why }) => why === 'returned')
  return {
    ...(obstacle || isLess ? withoutApprovals(withoutReturned(asked, request.rowsOut)) : withoutStale(asked, shown)),
    pendingUntil: latest(request.pendingUntil, plus(now, PENDING_AGAIN)),
    state: 'pending',
  }
}

/** What was given back is not asked for any more; what is left is approved anew. */
function withoutReturned<R extends RequestDetails>(request: R, rowsOut: readonly RowOut[]): R {
  const returned = new Set(rowsOut.flatMap(({ row, why }) => (why === 'returned' ? [row] : [])))
  const isLeft = (row: RequestRow): boolean => !returned.has(row)
  if (isRoleRequest(request)) {
    const roles = request.roles.filter((role) => isLeft(rowOfRole(role)))
    const roleThresholds = Object.fromEntries(roles.map(({ name }) => [name, request.roleThresholds[name] ?? []]))
    return { ...request, roles, roleThresholds }
  }
  return {
    ...request,
    resources: request.resources.filter((resource) => isLeft(rowOf(resource))),
    applications: request.applications.filter((name) => isLeft(rowOfApplication(name))),
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
    approvedGrants: _approvedGrants,
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
  return { ...request, reviews, automatic: unread(automatic) }
}
