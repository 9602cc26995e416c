import type { View } from '../desired-state/view.ts'
import { type Instant, plus } from '../kernel/instant.ts'
import { matches } from '../kernel/pattern.ts'
import { holds } from '../predicates/predicate.ts'
import { REVIEW_WHERE_SCOPE, type ValuesOf } from '../predicates/scopes.ts'
import { DomainError } from '../kernel/problems.ts'
import { bothWays, type EffectiveRoles, effectiveRoles, isRoleLocked } from '../roles/effective-roles.ts'
import { canonicalName } from '../roles/role-names.ts'
import { mayAct } from '../roles/rules.ts'
import type { User } from '../users/user.ts'
import { type AccessRequest, type Review, stateAt } from './access-request.ts'
import { checkStartTime, MAX_REASON_LENGTH } from './file-request.ts'
import { resolution, thresholdsMet } from './thresholds.ts'

export interface ReviewWish {
  readonly verdict: 'approve' | 'deny'
  readonly reason: string
  readonly assumeStartTime?: Instant
}

/**
 * A review, and what it makes of the request. Who may review is asked now, not when the request was filed.
 * @throws DomainError `refused`, `conflict`
 */
export function reviewRequest(
  request: AccessRequest,
  reviewer: User,
  wish: ReviewWish,
  view: View,
  now: Instant,
): AccessRequest {
  checkReviewer(request, reviewer, view, now)
  if (wish.reason.length > MAX_REASON_LENGTH)
    throw new DomainError({ code: 'too-large', what: 'The reason', limit: `${MAX_REASON_LENGTH} characters` })
  if (wish.verdict === 'approve') checkApprovable(request, view, now)
  if (wish.assumeStartTime !== undefined) checkStartTime(wish.assumeStartTime, now)
  const review: Review = {
    author: reviewer.id,
    verdict: wish.verdict,
    reason: wish.reason.trim(),
    at: now,
    ...(wish.assumeStartTime === undefined ? {} : { assumeStartTime: wish.assumeStartTime }),
    thresholds: thresholdsMet(request.thresholds, {
      ...reviewValues(request, effectiveRoles(reviewer, view, now), view),
      'review.reason': wish.reason.trim(),
      'review.annotations': {},
    }),
  }
  return resolve({ ...request, reviews: [...request.reviews, review] }, now)
}

/** @throws DomainError unless this person may decide on this request now. */
export function checkReviewer(request: AccessRequest, reviewer: User, view: View, now: Instant): void {
  if (request.user === reviewer.id)
    throw refused('Nobody decides on his own request.', 'Ask somebody else to review it.')
  if (view.isLocked({ kind: 'user', user: reviewer.id }, now))
    throw refused('You are locked, so you can not review.', 'Ask an administrator.')
  if (!mayReview(request, effectiveRoles(reviewer, view, now), view))
    throw refused('Your roles do not let you review this request.', 'Ask somebody whose roles do.')
  if (request.state !== 'pending')
    throw new DomainError({
      code: 'conflict',
      message: `The request is ${request.state} already.`,
      remedy: 'Nothing is left to decide.',
    })
  if (stateAt(request, now) === 'expired')
    throw new DomainError({
      code: 'conflict',
      message: 'The request has expired undecided.',
      remedy: 'Have a new one filed.',
    })
  if (request.reviews.some(({ author }) => author === reviewer.id))
    throw new DomainError({
      code: 'conflict',
      message: 'You have reviewed this request already.',
      remedy: 'A person counts once. Wait for the others.',
    })
}

const refused = (message: string, remedy: string): DomainError => new DomainError({ code: 'refused', message, remedy })

/** Names of roles are the current, canonical ones. */
const reviewValues = (
  request: AccessRequest,
  { names, person }: EffectiveRoles,
  view: View,
): ValuesOf<typeof REVIEW_WHERE_SCOPE> => ({
  'reviewer.roles': [...names],
  'reviewer.traits': person.traits,
  'request.roles': request.roles.map((reference) => canonicalName(reference, view)),
  'request.reason': request.reason,
  'request.system_annotations': request.annotations,
})

/**
 * No deny may match any of the roles, and each must be covered by an allow, unless a rule lets him change requests. Where
 * they have a condition, it must be met.
 */
export function mayReview(request: AccessRequest, roles: EffectiveRoles, view: View): boolean {
  const names = request.roles.map((reference) => canonicalName(reference, view))
  const ways = bothWays(roles).map((one) => reviewValues(request, one, view))
  const covers = (side: 'allow' | 'deny', name: (typeof names)[number]): boolean =>
    roles[side === 'allow' ? 'allowing' : 'denying'].some((role) => {
      const { roles: patterns, where } = role[side].reviewRequests
      const met = ways.map((values) => !where || holds(where, REVIEW_WHERE_SCOPE, values))
      const isMet = side === 'allow' ? !met.includes(false) : met.includes(true)
      return isMet && patterns.some((pattern) => matches(pattern, name))
    })
  if (names.some((name) => covers('deny', name))) return false
  if (mayAct(roles, 'update', 'access_request', { name: request.id, labels: {} })) return true
  return names.length > 0 && names.every((name) => covers('allow', name))
}

/** An approval must mean what is shown: a name whose permission set was replaced meanwhile is another thing. */
function checkApprovable(request: AccessRequest, view: View, now: Instant): void {
  if (!view.userById.has(request.user))
    throw refused('The person who asked is no longer a user.', 'Deny the request, or let it expire.')
  for (const reference of request.roles) {
    if (view.resolveRole(reference).kind === 'repinned')
      throw refused(
        `"${reference.name}" means another permission set than when it was asked for.`,
        'Deny the request and have a new one filed.',
      )
    if (isRoleLocked(reference, view, now))
      throw refused(`Role "${reference.name}" is locked.`, 'Unlock it first, or deny the request.')
  }
}

/** Access lasts as long as was granted, counted from now or from the latest start time that a reviewer chose. */
function resolve(request: AccessRequest, now: Instant): AccessRequest {
  const outcome = resolution(request, request.reviews)
  if (!outcome) return request
  const settled = { resolvedAt: now, resolveReason: outcome.by.reason }
  const { state: _, ...details } = request
  if (outcome.verdict === 'denied') return { ...details, ...settled, state: 'denied' }
  const chosen = request.reviews.findLast(({ assumeStartTime }) => assumeStartTime !== undefined)?.assumeStartTime
  const wanted = chosen ?? request.assumeStartTime ?? now
  const startsAt = wanted > now ? wanted : now
  return { ...details, ...settled, state: 'approved', startsAt, expiresAt: plus(startsAt, request.duration) }
}
