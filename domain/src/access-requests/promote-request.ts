import type { AccessList, Member } from '../access-lists/access-list.ts'
import { withMember } from '../access-lists/manage-members.ts'
import { membershipsOf, ownershipsOf } from '../access-lists/memberships.ts'
import type { View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import { denyingRole, hidingRole, mayAct } from '../roles/rules.ts'
import type { User } from '../users/user.ts'
import type { AccessRequest } from './access-request.ts'
import { coversRequest, joinable, surplusOf } from './long-term.ts'
import { obstacleTo } from './obstacle-to.ts'
import { checkReviewer, refuseSecond } from './review-request.ts'

/** Lists that would give the requester for good what he asked for, and that this reviewer may add him to; the closest first. */
export function promotionCandidates(
  request: AccessRequest,
  reviewer: User,
  view: View,
  now: Instant,
): readonly AccessList[] {
  const requester = view.userById.get(request.user)
  if (!requester) return []
  const owned = ownershipsOf(reviewer, view, membershipsOf(reviewer, view, now))
  const roles = effectiveRoles(reviewer, view, now)
  const mayAddTo = ({ id, labels }: AccessList): boolean => {
    const resource = { name: id, labels }
    const isDenied = hidingRole(roles, 'access_list', resource) ?? denyingRole(roles, 'update', 'access_list', resource)
    return (owned.has(id) && !isDenied) || mayAct(roles, 'update', 'access_list', resource)
  }
  const rank = (list: AccessList): number =>
    list.id === request.longTerm?.recommended ? -1 : surplusOf(list, request, view, now)
  return joinable(requester, view, now)
    .filter((list) => mayAddTo(list) && coversRequest(list, request, view, now))
    .toSorted((a, b) => rank(a) - rank(b) || (a.title < b.title ? -1 : 1))
}

export interface Promotion {
  readonly list: AccessListId
  readonly reason: string
  readonly expires?: Instant
}

/**
 * Makes the requester a member instead of giving access that ends.
 * @throws DomainError `refused`, `conflict`
 */
export function promoteRequest(
  request: AccessRequest,
  reviewer: User,
  promotion: Promotion,
  view: View,
  now: Instant,
): { request: AccessRequest; list: AccessList } {
  checkReviewer(request, reviewer, view, now)
  refuseSecond(request, reviewer, view)
  const obstacle = obstacleTo(request, view, now)
  if (obstacle) throw new DomainError(obstacle)
  const list = promotionCandidates(request, reviewer, view, now).find(({ id }) => id === promotion.list)
  if (!list)
    throw new DomainError({
      code: 'refused',
      message: 'This list does not give what was asked for, or you may not add members to it.',
      remedy: 'Choose one of the lists that the request offers, or approve it instead.',
    })
  const member: Member = {
    kind: 'user',
    user: request.user,
    joined: now,
    reason: promotion.reason.trim() || request.reason,
    addedBy: reviewer.name,
    ...(promotion.expires === undefined ? {} : { expires: promotion.expires }),
  }
  const { state: _, ...details } = request
  const review = { author: reviewer.id, verdict: 'promote', reason: promotion.reason.trim(), at: now } as const
  return {
    list: withMember(list, member, now),
    request: {
      ...details,
      reviews: [...request.reviews, review],
      state: 'promoted',
      resolvedAt: now,
      resolveReason: review.reason,
      into: list.id,
    },
  }
}
