import { canonicalName, type RoleName, type User, whyNotPushed } from '@gatehouse/domain'
import { type Actor, actingAs, requireEditor } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView } from '../governance/read-view.ts'

export interface ListedUser {
  readonly user: User
  readonly roles: readonly RoleName[]
  readonly isLocked: boolean
  /** Why AWS is not told of this user. */
  readonly notPushed: string | undefined
}

/** All users, by name; for administrators. */
export async function listUsers(
  ports: ReadPorts,
  query: { readonly actor: Actor },
  signal: AbortSignal,
): Promise<readonly ListedUser[]> {
  const { view, now } = await readView(ports, signal)
  requireEditor(actingAs(query.actor, { view, now }), 'list users')
  return view.users
    .map((user) => ({
      user,
      roles: user.roles.map((reference) => canonicalName(reference, view)),
      isLocked: view.isLocked({ kind: 'user', user: user.id }, now),
      notPushed: whyNotPushed(user),
    }))
    .toSorted((a, b) => (a.user.name < b.user.name ? -1 : 1))
}
