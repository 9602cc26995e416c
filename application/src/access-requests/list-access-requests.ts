import {
  type AccessList,
  type AccessRequest,
  canonicalName,
  DomainError,
  hasReviewed,
  isSamePerson,
  mayReview,
  type Problem,
  promotionCandidates,
  type RoleName,
  stateAt,
  userNameOf,
} from '@gatehouse/domain'
import { type Acting, type Actor, actingAs, may } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { type Reading, readView } from '../governance/read-view.ts'
import { getVisibleRequest, maySeeRequest, TO_LIST } from '../governance/visibility.ts'
import { type PermissionSetReader, readShown, type Shown, SHOWN_FOR_MS } from './permission-set-reader.ts'

export interface ListedRequest {
  readonly request: AccessRequest
  readonly user: string
  /** Under the names that the roles have now. */
  readonly roles: readonly RoleName[]
  readonly reviews: readonly { readonly reviewer: string; readonly review: AccessRequest['reviews'][number] }[]
  /** May this viewer review it now. */
  readonly mayReview: boolean
  readonly mayRemove: boolean
  /** May this viewer end the access before its time. */
  readonly mayReturn: boolean
  readonly isOwn: boolean
}

export interface ListRequestsQuery {
  readonly actor: Actor
  /** `mine`: filed by the viewer; `reviewable`: others' that wait for his review; `suggested`: of those, where he is named. */
  readonly filter?: 'all' | 'mine' | 'reviewable' | 'suggested'
}

/** Requests that the viewer may see, newest first. */
export async function listAccessRequests(
  ports: ReadPorts,
  query: ListRequestsQuery,
  signal: AbortSignal,
): Promise<readonly ListedRequest[]> {
  const reading = await readView(ports, signal)
  const acting = actingAs(query.actor, reading)
  const { view } = reading
  return view.requests
    .filter((request) => maySeeRequest(request, acting, view, TO_LIST))
    .map((request) => describe(request, acting, reading))
    .filter((listed) => passes(listed, query.filter ?? 'all', acting))
    .toSorted((a, b) => b.request.createdAt - a.request.createdAt)
}

function passes(listed: ListedRequest, filter: NonNullable<ListRequestsQuery['filter']>, acting: Acting): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'mine':
      return listed.request.user === acting.user?.id
    case 'reviewable':
      return listed.mayReview
    case 'suggested':
      return listed.mayReview && listed.request.suggestedReviewers.includes(acting.name)
  }
}

export interface RequestDetail extends ListedRequest {
  /** The lists into which this viewer could promote it, the best fitting first. */
  readonly promotions: readonly AccessList[]
  /** For who may review it: what an approval of his would be bound to, or why nobody can say. */
  readonly shown?: Shown | { readonly problem: Problem }
  /** What all of it was read from; whoever shows more beside it takes it from here, so that the hash is of what is shown. */
  readonly reading: Reading
}

/** One request, as this viewer may see it. @throws DomainError `not-found` */
export async function getAccessRequest(
  ports: ReadPorts & { readonly permissionSets: PermissionSetReader },
  query: { readonly actor: Actor; readonly request: string },
  signal: AbortSignal,
): Promise<RequestDetail> {
  const reading = await readView(ports, signal)
  const acting = actingAs(query.actor, reading)
  const listed = describe(getVisibleRequest(query.request, acting, reading), acting, reading)
  const { view, now } = reading
  const { user } = acting
  const promotions = listed.mayReview && user ? promotionCandidates(listed.request, user, view, now) : []
  const isReviewer = user && isReviewerOf(listed.request, acting, reading)
  if (!isReviewer || hasReviewed(listed.request, user, view, () => false)) return { ...listed, promotions, reading }
  const shown = await shownTo(ports, listed.request, reading, signal)
  // Who approved what is not there any more may look again.
  const mayReview = !hasReviewed(listed.request, user, view, (one) => !('hash' in shown) || one.shown === shown.hash)
  return { ...listed, mayReview, promotions, ...(mayReview ? { shown } : {}), reading }
}

async function shownTo(
  ports: { readonly permissionSets: PermissionSetReader },
  request: AccessRequest,
  { view }: Reading,
  signal: AbortSignal,
): Promise<NonNullable<RequestDetail['shown']>> {
  try {
    return await readShown(ports, request, { view, maxAgeMs: SHOWN_FOR_MS }, signal)
  } catch (error) {
    if (error instanceof DomainError && error.problem.code === 'upstream') return { problem: error.problem }
    throw error
  }
}

/** May he review it, unless he has. */
function isReviewerOf(request: AccessRequest, { user, roles }: Acting, { view, now }: Reading): boolean {
  if (!user || stateAt(request, now) !== 'pending') return false
  const requester = view.userById.get(request.user)
  const isOwn = request.user === user.id || (requester && isSamePerson(requester, user))
  return !isOwn && mayReview(request, roles, view)
}

function describe(request: AccessRequest, acting: Acting, reading: Reading): ListedRequest {
  const { view, now } = reading
  return {
    request,
    user: userNameOf(request.user, view),
    roles: request.roles.map((reference) => canonicalName(reference, view)),
    reviews: request.reviews.map((review) => ({ reviewer: userNameOf(review.author, view), review })),
    mayReview:
      acting.user !== undefined && !hasReviewed(request, acting.user, view) && isReviewerOf(request, acting, reading),
    isOwn: request.user === acting.user?.id,
    mayReturn:
      request.state === 'approved' &&
      now < request.expiresAt &&
      (request.user === acting.user?.id || may(acting, 'update', 'access_request', { name: request.id, labels: {} })),
    mayRemove:
      may(acting, 'delete', 'access_request', { name: request.id, labels: {} }) ||
      (request.user === acting.user?.id && request.state === 'pending'),
  }
}
