import type { Authenticated, Reading } from '@gatehouse/application'
import { type AccessRequestId, type EffectiveRoles, effectiveRoles } from '@gatehouse/domain'

/** The roles that count for a session now: the user's own, those of lists, and of requests it has assumed. */
export function rolesOf(
  { user, session }: Authenticated,
  { view, now }: Pick<Reading, 'view' | 'now'>,
): EffectiveRoles {
  // They were ids when they were assumed; every rule asks again whether they are in force.
  return effectiveRoles(user, view, now, { assumed: session.assumed as readonly AccessRequestId[] })
}
