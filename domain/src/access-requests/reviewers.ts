import type { AccessList, Member } from '../access-lists/access-list.ts'
import { hasExpired, membershipsOf } from '../access-lists/memberships.ts'
import { isSuspended } from '../access-lists/review-status.ts'
import type { View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId } from '../kernel/names.ts'
import { matches } from '../kernel/pattern.ts'
import { holds } from '../predicates/predicate.ts'
import { REVIEW_WHERE_SCOPE, type ValuesOf } from '../predicates/scopes.ts'
import { bothWays, type EffectiveRoles } from '../roles/effective-roles.ts'
import { canonicalName } from '../roles/role-names.ts'
import type { Threshold } from '../roles/role.ts'
import { mayAct } from '../roles/rules.ts'
import type { User } from '../users/user.ts'
import type { AccessRequest } from './access-request.ts'

/** Users with one value under this label are one human being with several accounts. */
export const PERSON_LABEL = 'gatehouse.dev/person'

export const isSamePerson = (a: User, b: User): boolean =>
  a.id === b.id || (a.labels[PERSON_LABEL] !== undefined && a.labels[PERSON_LABEL] === b.labels[PERSON_LABEL])

/** What conditions are asked with. Names of roles are the current, canonical ones. */
export const reviewValues = (
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

/** Says whether somebody is among those whom a threshold names; one that names nobody counts everybody. */
export function isNamedBy(
  { reviewers }: Threshold,
  reviewer: User,
  request: AccessRequest,
  { view, now }: { readonly view: View; readonly now: Instant },
): boolean {
  if (!reviewers || reviewers.users.includes(reviewer.id)) return true
  const inBoth = membersSince(reviewer, request.createdAt, view, now)
  return reviewers.lists.some((list) => inBoth.has(list))
}

/**
 * The lists somebody is in now by entries that were there at an earlier instant: an accomplice who is let into a list of
 * approvers while a request waits does not count for it.
 */
function membersSince(user: User, since: Instant, view: View, now: Instant): ReadonlySet<AccessListId> {
  const memberships = membershipsOf(user, view, now)
  const found = new Set<AccessListId>()
  const reach = (list: AccessList, entry: Member): void => {
    if (memberships.has(list.id) && !isSuspended(list, now) && isOld(entry)) found.add(list.id)
  }
  const isOld = (entry: { readonly joined: Instant; readonly expires?: Instant }): boolean =>
    entry.joined <= since && !hasExpired(entry, now)
  for (const { list, member } of view.entriesOfUser.get(user.id) ?? []) reach(list, member)
  for (const inner of found) for (const { list, member } of view.entriesOfList.get(inner) ?? []) reach(list, member)
  return found
}
