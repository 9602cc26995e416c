import type { AccessList, Member } from '../access-lists/access-list.ts'
import { withMember } from '../access-lists/manage-members.ts'
import { hasExpired, meetsRequirements, membershipsOf, ownershipsOf } from '../access-lists/memberships.ts'
import type { View } from '../desired-state/view.ts'
import { grantKey } from '../identity-center/account-assignment.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import { canonicalName } from '../roles/role-names.ts'
import { denyingRole, hidingRole, mayAct } from '../roles/rules.ts'
import type { User } from '../users/user.ts'
import type { AccessRequest } from './access-request.ts'
import { grantsOfRole } from './requestable.ts'
import { checkReviewer } from './review-request.ts'

/** Lists that would give the requester for good what he asked for, and that this reviewer may add him to. */
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
  const memberships = membershipsOf(requester, view, now)
  return view.lists.filter((list) => {
    if (list.type === 'scim' || memberships.has(list.id) || !mayAddTo(list)) return false
    const around = listsAbove(list, view, now)
    return (
      around.every(({ membershipRequires }) => meetsRequirements(requester, membershipRequires)) &&
      covers(around, request, view)
    )
  })
}

/** The list and every list it is a member of, as long as no entry has ended: being in the first is being in all. */
function listsAbove(list: AccessList, view: View, now: Instant): readonly AccessList[] {
  const reached = new Set<AccessListId>([list.id])
  for (const id of reached) {
    for (const parent of view.parentsOf.get(id) ?? []) {
      const entry = view.listById.get(parent)?.members.find((member) => member.kind === 'list' && member.list === id)
      if (entry && !hasExpired(entry, now)) reached.add(parent)
    }
  }
  return [...reached].flatMap((id) => view.listById.get(id) ?? [])
}

function covers(lists: readonly AccessList[], request: AccessRequest, view: View): boolean {
  const references = lists.flatMap(({ grants }) => grants.roles)
  if (request.resources.length === 0) {
    const names = new Set(references.map((reference) => canonicalName(reference, view)))
    return request.roles.every((reference) => names.has(canonicalName(reference, view)))
  }
  const given = new Set(
    lists.flatMap(({ grants: { roles, traits } }) =>
      roles.flatMap((reference) => [...grantsOfRole(reference, view, traits)]),
    ),
  )
  return request.resources.every((resource) => given.has(grantKey(resource)))
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
