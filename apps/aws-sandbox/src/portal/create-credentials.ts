import { createRoleSession } from '../sts/create-role-session.ts'
import type { IamRole, Session, Tags, User } from '../world/records.ts'
import { iamKey, type World } from '../world/world.ts'
import type { Access } from './access.ts'
import { parseSessionDuration } from './session-duration.ts'
import { computeSessionTags } from './session-tags.ts'

/** Credentials of the role of a permission set, in the name of the user, for as long as the set says. */
export function createCredentials(
  world: World,
  { access, user, asserted }: { readonly access: Access; readonly user: User; readonly asserted: Tags },
  now: number,
): { readonly session: Session; readonly role: IamRole } | undefined {
  const role = world.iamRoles.get(iamKey(access.accountId, access.roleName))
  if (role === undefined) return undefined
  const durationSeconds = parseSessionDuration(access.permissionSet.sessionDuration)
  const sessionName = toSessionName(user.userName)
  const tags = computeSessionTags(world, user, asserted)
  const session = createRoleSession(
    world,
    { role, sessionName, durationSeconds, policies: [], policyArns: [], tags },
    now,
  )
  return { session, role }
}

/** STS takes 2 to 64 of these characters as a session's name. */
function toSessionName(userName: string): string {
  return userName
    .replaceAll(/[^\w+=,.@-]/g, '_')
    .slice(0, 64)
    .padEnd(2, '_')
}
