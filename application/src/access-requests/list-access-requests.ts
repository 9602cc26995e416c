import {
  type AccessList,
  type AccessRequest,
  canonicalName,
  mayReview,
  promotionCandidates,
  type RoleName,
  stateAt,
  userNameOf,
} from '@gatehouse/domain'
import { type Acting, type Actor, actingAs, may } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { type Reading, readView } from '../governance/read-view.ts'
import { getVisibleRequest, maySeeRequest, TO_LIST } from '../governance/visibility.ts'

export interface ListedRequest {
  readonly request: AccessRequest
  readonly user: string
  /** Under the names that the roles have now. */
  readonly roles: readonly RoleName[]
  readonly reviews: readonly { readonly reviewer: string; readonly review: AccessRequest['reviews'][number] }[]
  /** May this viewer review it now. */
  readonly mayReview: boolean
  readonly mayRemove: boolean
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

/** One request, and the lists into which this viewer could promote it. @throws DomainError `not-found` */
export async function getAccessRequest(
  ports: ReadPorts,
  query: { readonly actor: Actor; readonly request: string },
  signal: AbortSignal,
): Promise<ListedRequest & { readonly promotions: readonly AccessList[] }> {
  const reading = await readView(ports, signal)
  const acting = actingAs(query.actor, reading)
  const listed = describe(getVisibleRequest(query.request, acting, reading), acting, reading)
  const promotions =
    listed.mayReview && acting.user ? promotionCandidates(listed.request, acting.user, reading.view, reading.now) : []
  return { ...listed, promotions }
}

function describe(request: AccessRequest, acting: Acting, { view, now }: Reading): ListedRequest {
  const isOpen = stateAt(request, now) === 'pending'
  const isOwn = request.user === acting.user?.id
  const hasReviewed = request.reviews.some(({ author }) => author === acting.user?.id)
  return {
    request,
    user: userNameOf(request.user, view),
    roles: request.roles.map((reference) => canonicalName(reference, view)),
    reviews: request.reviews.map((review) => ({ reviewer: userNameOf(review.author, view), review })),
    mayReview: isOpen && !isOwn && !hasReviewed && acting.user !== undefined && mayReview(request, acting.roles, view),
    mayRemove:
      may(acting, 'delete', 'access_request', { name: request.id, labels: {} }) ||
      (isOwn && request.state === 'pending'),
  }
}
