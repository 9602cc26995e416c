import { removeRole } from '../sso-admin/reserved-roles.ts'
import type { IdentitySource } from '../world/sign-in-records.ts'
import { assignmentKey, type World } from '../world/world.ts'
import { newIdentitySource } from './identity-source.ts'

/**
 * Another identity source, with an assertion consumer service of its own and no identity provider yet. Users, groups and assignments
 * stay, and so do passwords; all but permission sets goes when Active Directory comes or leaves (IAM Identity Center User Guide, "Considerations for
 * changing your identity source").
 */
export function switchIdentitySource(world: World, kind: IdentitySource['kind']) {
  const home = world.home()
  if (home.identitySource.kind !== kind && [home.identitySource.kind, kind].includes('active-directory')) {
    forgetPeople(world)
  }
  world.setHome({ ...home, identitySource: newIdentitySource(kind) })
}

function forgetPeople(world: World) {
  for (const assignment of world.assignments.values()) {
    world.assignments.delete(assignmentKey(assignment))
    removeRole(world, assignment.accountId, assignment.permissionSetArn)
  }
  const { memberships, groups, users, passwords, portalSessions, accessTokens, refreshTokens } = world
  for (const table of [memberships, groups, users, passwords, portalSessions, accessTokens, refreshTokens]) {
    for (const [key] of table.entries()) table.delete(key)
  }
}
