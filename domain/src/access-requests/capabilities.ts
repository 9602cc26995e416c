import type { View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import type { RoleName } from '../kernel/names.ts'
import type { EffectiveRoles } from '../roles/effective-roles.ts'
import type { User } from '../users/user.ts'
import { allRequestable, blocksFor, reasonAsked } from './file-request.ts'
import { searchRoles } from './requestable.ts'

/** What somebody may ask for, before he asks. */
export interface RequestCapabilities {
  /** Roles that he may ask for and does not have. */
  readonly roles: readonly RoleName[]
  /** Roles through which he may ask for resources. */
  readonly searchAsRoles: readonly RoleName[]
  readonly suggestedReviewers: readonly string[]
  /** Whether some of it needs a reason, and what his roles ask him for. */
  readonly needsReason: boolean
  readonly prompts: readonly string[]
}

export function requestCapabilities(user: User, roles: EffectiveRoles, view: View, now: Instant): RequestCapabilities {
  const requestable = allRequestable({ user, roles, view, now }).map(({ name }) => name)
  const searched = searchRoles(roles, view).map(({ name }) => name)
  const blocks = [
    ...requestable.flatMap((name) => blocksFor(name, false, roles, view)),
    ...searched.flatMap((name) => blocksFor(name, true, roles, view)),
  ]
  return {
    roles: requestable,
    searchAsRoles: searched,
    suggestedReviewers: [
      ...new Set(roles.allowing.flatMap(({ allow }) => allow.request.suggestedReviewers)),
    ].toSorted(),
    ...reasonAsked(roles, [...new Set(blocks)]),
  }
}
