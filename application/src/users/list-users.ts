import { canonicalName, type RoleName, type User, whyNotPushed } from '@gatehouse/domain'
import { type Actor, actingAs, demand, may } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView } from '../governance/read-view.ts'

export interface ListedUser {
  readonly user: User
  readonly roles: readonly RoleName[]
  readonly isLocked: boolean
  /** Why AWS is not told of this user. */
  readonly notPushed: string | undefined
}

/** The users that somebody may read, by name. @throws DomainError `refused` */
export async function listUsers(
  ports: ReadPorts,
  query: {
    readonly actor: Actor
    /** Only those whose name holds it, in any case. */
    readonly search?: string | undefined
  },
  signal: AbortSignal,
): Promise<readonly ListedUser[]> {
  const { view, now } = await readView(ports, signal)
  const acting = actingAs(query.actor, { view, now })
  demand(acting, 'list', 'user')
  const wanted = query.search?.trim().toLowerCase() ?? ''
  return view.users
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .filter((user) => may(acting, 'list', 'user', user) && may(acting, 'read', 'user', user))
    .map((user) => ({
      user,
      roles: user.roles.map((reference) => canonicalName(reference, view)),
      isLocked: view.isLocked({ kind: 'user', user: user.id }, now),
      notPushed: whyNotPushed(user),
    }))
    .toSorted((a, b) => (a.user.name < b.user.name ? -1 : 1))
}
