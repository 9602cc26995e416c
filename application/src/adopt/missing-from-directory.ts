import type { AwsGroupId, AwsUserId } from '@gatehouse/domain'
import type { Directory } from '../ports/directory.ts'
import type { CallOptions } from '../ports/identity-center.ts'

/** One alone may have been made or renamed this moment. */
const ASKED_FOR = 3

/**
 * A group or user of the identity store that SCIM has not, when it has none of those that were asked for: then address and
 * token are those of another instance, and what is pushed would arrive there. Nothing while there is nothing to tell by.
 * @throws IdentityCenterError
 */
export async function missingFromDirectory(
  directory: Pick<Directory, 'findGroup' | 'findUser'>,
  store: {
    readonly groups: readonly { readonly id: AwsGroupId; readonly displayName: string }[]
    readonly users: readonly { readonly id: AwsUserId; readonly userName: string }[]
  },
  call: CallOptions,
): Promise<string | undefined> {
  const groups = store.groups.slice(0, ASKED_FOR)
  for (const { id, displayName } of groups)
    if ((await directory.findGroup(displayName, call))?.id === id) return undefined
  const users = store.users.slice(0, ASKED_FOR)
  for (const { id, userName } of users) if ((await directory.findUser(userName, call))?.id === id) return undefined
  const [group] = groups
  const [user] = users
  return group ? `group "${group.displayName}"` : user && `user "${user.userName}"`
}
