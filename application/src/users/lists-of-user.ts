import { type AccessList, type Membership, membershipsOf, ownershipsOf, type UserId } from '@gatehouse/domain'
import { type Actor, actingAs } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView } from '../governance/read-view.ts'
import { accessToList } from '../governance/visibility.ts'

/** A list that somebody is in or owns now, directly or through others. */
export interface ListOfUser extends Pick<Membership, 'until'> {
  readonly list: AccessList
  readonly as: 'member' | 'owner'
  readonly isDirect: boolean
}

/** The lists that a user counts in now, of those the viewer may see, by title. */
export async function listsOfUser(
  ports: ReadPorts,
  query: { readonly actor: Actor; readonly user: UserId },
  signal: AbortSignal,
): Promise<readonly ListOfUser[]> {
  const reading = await readView(ports, signal)
  const { view, now } = reading
  const acting = actingAs(query.actor, reading)
  const user = view.userById.get(query.user)
  if (!user) return []
  const memberships = membershipsOf(user, view, now)
  const shown = (as: ListOfUser['as'], found: ReadonlyMap<string, Membership>): readonly ListOfUser[] =>
    [...found.values()].flatMap(({ list: id, until, path }) => {
      const list = view.listById.get(id)
      return list && accessToList(list, acting, reading) ? [{ list, as, until, isDirect: path.length <= 1 }] : []
    })
  return [...shown('member', memberships), ...shown('owner', ownershipsOf(user, view, memberships))].toSorted((a, b) =>
    a.list.title < b.list.title ? -1 : 1,
  )
}
