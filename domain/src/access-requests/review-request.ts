import type { View } from '../desired-state/view.ts'
import { earliest, formatInstant, type Instant } from '../kernel/instant.ts'
import { DomainError } from '../kernel/problems.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import type { User } from '../users/user.ts'
import { type AccessRequest, type Review, rowsOf, stateAt } from './access-request.ts'
import { checkStartTime, MAX_REASON_LENGTH } from './limits.ts'
import { obstacleTo } from './obstacle-to.ts'
import { isNamedBy, isSamePerson, mayReview, PERSON_LABEL, reviewValues } from './reviewers.ts'
import { findRows } from './rows.ts'
import { settle, withoutStale, withRulesOfNow } from './settle.ts'
import { opensAt, thresholdsFitting } from './thresholds.ts'

export interface ReviewWish {
  readonly verdict: 'approve' | 'deny'
  readonly reason: string
  readonly assumeStartTime?: Instant
  /** The only rows to approve; the others are denied. Absent: all. */
  readonly rows?: readonly string[]
  /** The hash of what the reviewer was shown. */
  readonly shown?: string
}

/**
 * A review, and what it makes of the request. Who may review is asked now, not when the request was filed.
 * @param shown the hash of what there is to see now, permission sets read afresh: an approval counts only for that; a
 * denial does without
 * @throws DomainError `refused`, `conflict`, `invalid-value`, `too-large`
 */
export function reviewRequest(
  filed: AccessRequest,
  reviewer: User,
  wish: ReviewWish,
  { view, now, shown }: Facts,
): AccessRequest {
  checkReview(filed, reviewer, wish, { view, now })
  if (wish.verdict === 'approve') checkShown(wish, shown)
  refuseSecond(filed, reviewer, view, (approval) => shown === undefined || approval.shown === shown)
  const request = withRulesOfNow(filed, view, { now })
  const review: Review = {
    author: reviewer.id,
    verdict: wish.verdict,
    reason: wish.reason.trim(),
    at: now,
    ...(wish.assumeStartTime === undefined ? {} : { assumeStartTime: wish.assumeStartTime }),
    ...(reviewer.labels[PERSON_LABEL] === undefined ? {} : { person: reviewer.labels[PERSON_LABEL] }),
    ...rowsWished(request, wish),
    ...(wish.verdict === 'approve' && shown !== undefined ? { shown } : {}),
    thresholds: thresholdsCounting(request, reviewer, wish, { view, now }),
  }
  const current = shown === undefined ? request : withoutStale(request, shown)
  return settle({ ...current, reviews: [...current.reviews, review] }, { view, now, isRead: shown !== undefined })
}

/**
 * Everything about a review that is known before AWS is asked.
 * @throws DomainError `refused`, `conflict`, `invalid-value`, `too-large`
 */
export function checkReview(
  request: AccessRequest,
  reviewer: User,
  wish: ReviewWish,
  { view, now }: { readonly view: View; readonly now: Instant },
): void {
  checkReviewer(request, reviewer, view, now)
  // What he approved before may be something else than there is now, which is known once it has been read.
  const isSaidTwice = (shown: string | undefined): boolean => wish.shown === undefined || wish.shown === shown
  refuseSecond(request, reviewer, view, ({ shown }) => wish.verdict === 'approve' && isSaidTwice(shown))
  if (wish.reason.length > MAX_REASON_LENGTH)
    throw new DomainError({ code: 'too-large', what: 'The reason', limit: `${MAX_REASON_LENGTH} characters` })
  if (wish.verdict === 'approve') checkApprovable(request, wish, { view, now })
  if (wish.assumeStartTime !== undefined) checkStartTime(wish.assumeStartTime, now)
  rowsWished(request, wish)
  thresholdsCounting(request, reviewer, wish, { view, now })
}

/** @throws DomainError unless this person may decide on this request now. */
export function checkReviewer(request: AccessRequest, reviewer: User, view: View, now: Instant): void {
  const requester = view.userById.get(request.user)
  if (request.user === reviewer.id || (requester && isSamePerson(requester, reviewer)))
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
}

/** @throws DomainError `conflict` */
export function refuseSecond(...[request, reviewer, view, counts]: Parameters<typeof hasReviewed>): void {
  if (hasReviewed(request, reviewer, view, counts))
    throw new DomainError({
      code: 'conflict',
      message: 'You have reviewed this request already.',
      remedy: 'A person counts once. Wait for the others.',
    })
}

/**
 * A person counts once, under whichever of his names; not for what is void.
 * @param counts whether an approval is of what there is now
 */
export const hasReviewed = (
  { reviews }: AccessRequest,
  reviewer: User,
  view: View,
  counts: (approval: Review) => boolean = () => true,
): boolean =>
  reviews.some((review) => {
    const { author, person } = review
    const other = view.userById.get(author)
    const isSame = author === reviewer.id || (other !== undefined && isSamePerson(other, reviewer))
    const isHis = isSame || (person !== undefined && person === reviewer.labels[PERSON_LABEL])
    return isHis && !review.isVoid && (review.verdict !== 'approve' || counts(review))
  })

const refused = (message: string, remedy: string): DomainError => new DomainError({ code: 'refused', message, remedy })

interface Facts {
  readonly view: View
  readonly now: Instant
  readonly shown?: string
}

/** An approval must mean what is shown, and be able to give it. */
function checkApprovable(request: AccessRequest, wish: ReviewWish, { view, now }: Facts): void {
  if (request.longTerm)
    throw refused('The request is for membership of an access list.', 'Promote it into the list, or deny it.')
  const obstacle = obstacleTo(request, view, now)
  if (obstacle) throw new DomainError(obstacle)
  if (wish.shown === undefined)
    throw new DomainError({
      code: 'invalid-value',
      field: 'shown',
      text: '',
      expected: 'the hash of what you were shown: an approval is for that and for nothing else',
    })
}

function checkShown(wish: ReviewWish, shown: string | undefined): void {
  if (wish.shown !== shown)
    throw new DomainError({
      code: 'conflict',
      message: 'The request is not what you were shown any more: it, an account or a permission set has changed.',
      remedy: 'Look at it again, then decide.',
    })
}

/** @throws DomainError `invalid-value`, `refused` */
function rowsWished(request: AccessRequest, { rows, verdict }: ReviewWish): Pick<Review, 'rows'> {
  if (rows === undefined) return {}
  if (verdict === 'deny')
    throw refused('A denial is about all of a request.', 'Approve only what you agree to; that denies the rest.')
  const chosen = findRows(rows, request)
  if (chosen.length === 0) throw refused('The review approves nothing.', 'Name what you approve, or deny the request.')
  return chosen.length === rowsOf(request).length ? {} : { rows: chosen }
}

/** @throws DomainError `refused` when it would count later and does not yet. */
function thresholdsCounting(
  request: AccessRequest,
  reviewer: User,
  wish: ReviewWish,
  facts: Omit<Facts, 'shown'>,
): readonly number[] {
  const { open, turnAt } = turnOf(request, reviewer, wish.reason.trim(), facts)
  if (open.length > 0 || turnAt === undefined) return open
  throw refused(
    `Your turn comes at ${formatInstant(turnAt)}, if nobody has decided by then.`,
    'Wait until then, or ask those whose turn it is.',
  )
}

/** The thresholds that count somebody now, and, if there are none yet, when the first will. */
export function turnOf(
  request: AccessRequest,
  reviewer: User,
  reason: string,
  { view, now }: Omit<Facts, 'shown'>,
): { readonly open: readonly number[]; readonly turnAt?: Instant } {
  const fitting = thresholdsFitting(request.thresholds, {
    values: {
      ...reviewValues(request, effectiveRoles(reviewer, view, now), view),
      'review.reason': reason,
      'review.annotations': {},
    },
    isNamed: (threshold) => isNamedBy(threshold, reviewer, request, { view, now }),
  })
  const opening = (index: number): Instant => {
    const threshold = request.thresholds[index]
    return threshold ? opensAt(threshold, request) : now
  }
  const open = fitting.filter((index) => opening(index) <= now)
  return fitting.length > 0 && open.length === 0 ? { open, turnAt: earliest(...fitting.map(opening)) } : { open }
}
