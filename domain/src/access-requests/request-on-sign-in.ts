import type { View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import type { EffectiveRoles } from '../roles/effective-roles.ts'
import type { User } from '../users/user.ts'
import { isInForce, stateAt } from './access-request.ts'
import { allRequestable, blocksFor, reasonAsked } from './file-request.ts'

/** What somebody's roles want him to ask for as soon as he signs in: everything that he may ask for. */
export interface RequestOnSignIn {
  readonly needsReason: boolean
  /** What the roles ask him; in order, each once. */
  readonly prompts: readonly string[]
}

/**
 * Roles with `request_access: always` or `reason` want their holders to ask for access whenever they sign in. Nothing
 * when there is nothing to ask for, or when a request of his waits for a decision or is in force.
 */
export function requestOnSignIn(
  user: User,
  roles: EffectiveRoles,
  view: View,
  now: Instant,
): RequestOnSignIn | undefined {
  if (roles.allowing.every(({ options }) => options.requestAccess === 'optional')) return undefined
  const running = (view.requestsByUser.get(user.id) ?? []).some(
    (request) => stateAt(request, now) === 'pending' || isInForce(request, now),
  )
  if (running) return undefined
  const asked = allRequestable({ user, roles, view, now })
  if (asked.length === 0) return undefined
  return reasonAsked(
    roles,
    asked.flatMap(({ name }) => blocksFor(name, false, roles, view)),
  )
}
