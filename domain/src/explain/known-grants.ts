import { allRequestable } from '../access-requests/file-request.ts'
import { requestableGrants } from '../access-requests/requestable.ts'
import type { View } from '../desired-state/view.ts'
import type { GrantKey } from '../identity-center/account-assignment.ts'
import type { Instant } from '../kernel/instant.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import { grantsOfRole } from '../roles/grants-of-role.ts'
import type { User } from '../users/user.ts'
import { whyAccess } from './why-access.ts'

/** What somebody has heard of without any right to read it: what he has, is kept from, or may ask for. */
export function knownGrants(user: User, view: View, now: Instant): ReadonlySet<GrantKey> {
  const roles = effectiveRoles(user, view, now)
  const { paths, withheld, waiting } = whyAccess(user, view, now)
  return new Set([
    ...paths.map(({ grant }) => grant),
    ...withheld.flatMap(({ grant }) => grant ?? []),
    ...waiting,
    ...requestableGrants(user, roles, view, now).keys(),
    ...allRequestable({ user, roles, view, now }).flatMap((role) => [...grantsOfRole(role, view, user.traits)]),
  ])
}
