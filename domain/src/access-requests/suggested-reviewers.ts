import type { View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import { DomainError } from '../kernel/problems.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import type { User } from '../users/user.ts'
import type { AccessRequest } from './access-request.ts'
import type { Asker, RequestWish } from './file-request.ts'
import { coversRequest } from './long-term.ts'
import { isSamePerson, mayReview } from './reviewers.ts'

/**
 * Whom he names; else whom his roles name, and owners of lists that would give it, if they may review it. Nobody else
 * is there to be named: names of users are not to be tried out.
 * @throws DomainError `invalid-value`
 */
export function suggestedReviewers(
  request: AccessRequest,
  { suggestedReviewers: typed }: RequestWish,
  { user, roles, view, now }: Asker,
): readonly string[] {
  const byRoles = roles.allowing.flatMap(({ allow }) => allow.request.suggestedReviewers)
  if (typed.length === 0) {
    const owners = ownersOfFitting(request, view, now).filter(({ id }) => id !== user.id)
    return [...new Set([...byRoles, ...owners.map(({ name }) => name)])].toSorted()
  }
  const [suggested, users] = [byName(byRoles, (name) => name), byName(view.users, ({ name }) => name)]
  const reviewerNamed = (text: string): string => {
    const found = users.get(text.toLowerCase())
    const isReviewer = found && !isSamePerson(found, user) && mayReview(request, effectiveRoles(found, view, now), view)
    const name = isReviewer ? found.name : suggested.get(text.toLowerCase())
    if (name !== undefined) return name
    const expected = 'the name of somebody who may review the request'
    throw new DomainError({ code: 'invalid-value', field: 'suggested_reviewers', text, expected })
  }
  return [...new Set(typed.map(reviewerNamed))]
}

const byName = <T>(all: readonly T[], nameOf: (one: T) => string): ReadonlyMap<string, T> =>
  new Map(all.map((one) => [nameOf(one).toLowerCase(), one]))

function ownersOfFitting(request: AccessRequest, view: View, now: Instant): readonly User[] {
  const owners = view.lists
    .filter((list) => list.owners.length > 0 && coversRequest(list, request, view, now))
    .flatMap((list) => list.owners.flatMap((owner) => (owner.kind === 'user' ? [owner.user] : [])))
  return [...new Set(owners)]
    .flatMap((id) => view.userById.get(id) ?? [])
    .filter((owner) => mayReview(request, effectiveRoles(owner, view, now), view))
}
