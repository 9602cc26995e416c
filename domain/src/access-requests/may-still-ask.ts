import type { View } from '../desired-state/view.ts'
import { grantKey } from '../identity-center/account-assignment.ts'
import type { Instant } from '../kernel/instant.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import { canonicalName } from '../roles/role-names.ts'
import type { User } from '../users/user.ts'
import { type AccessRequest, isRoleRequest } from './access-request.ts'
import { opensFor } from './reach-things.ts'
import { grantsOfRole } from '../roles/grants-of-role.ts'
import { mayRequestRole, searchRoles } from './requestable.ts'

/** Says whether somebody could ask for the same now: he has the role that lets him, and what he asked through reaches it. */
export function mayStillAsk(request: AccessRequest, user: User, view: View, now: Instant): boolean {
  const roles = effectiveRoles(user, view, now)
  if (isRoleRequest(request))
    return request.roles.every((reference) => mayRequestRole(canonicalName(reference, view), roles))
  const offered = new Set(searchRoles(roles, view).map(({ name }) => name))
  const { applications } = request
  const through = request.roles.filter((reference) => offered.has(canonicalName(reference, view)))
  // For an application all of these roles are lent, not only the one that opens it.
  if (applications.length > 0 && through.length < request.roles.length) return false
  if (!applications.every((name) => through.some((reference) => opensFor(reference, name, { roles, view }))))
    return false
  const reached = through.map((reference) => grantsOfRole(reference, view, user.traits))
  return (
    through.length > 0 &&
    request.resources.every((resource) => reached.some((grants) => grants.has(grantKey(resource))))
  )
}
