import { type AccessList, canonicalName, memberName, type Member, type RoleName, userNameOf } from '@gatehouse/domain'
import { type Acting, type Actor, actingAs } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { type Reading, readView } from '../governance/read-view.ts'
import { accessToList, getVisibleList, type ListAccess } from '../governance/visibility.ts'

export interface ListedAccessList {
  readonly list: AccessList
  readonly owners: readonly { readonly kind: 'user' | 'list'; readonly name: string }[]
  /** Absent for those who may not see who is in it. */
  readonly members: readonly { readonly member: Member; readonly name: string }[] | undefined
  readonly grantedRoles: readonly RoleName[]
  readonly access: ListAccess
}

/** The lists that the viewer administers, owns or is in, by title. */
export async function listAccessLists(
  ports: ReadPorts,
  query: { readonly actor: Actor },
  signal: AbortSignal,
): Promise<readonly ListedAccessList[]> {
  const reading = await readView(ports, signal)
  const acting = actingAs(query.actor, reading)
  return reading.view.lists
    .flatMap((list) => present(list, acting, reading))
    .toSorted((a, b) => (a.list.title < b.list.title ? -1 : 1))
}

/** @throws DomainError `not-found`, also for a list that the viewer may not see */
export async function getAccessList(
  ports: ReadPorts,
  query: { readonly actor: Actor; readonly list: string },
  signal: AbortSignal,
): Promise<ListedAccessList> {
  const reading = await readView(ports, signal)
  const acting = actingAs(query.actor, reading)
  const { list, access } = getVisibleList(query.list, acting, reading)
  return describe(list, access, reading)
}

function present(list: AccessList, acting: Acting, reading: Reading): readonly ListedAccessList[] {
  const access = accessToList(list, acting, reading)
  return access ? [describe(list, access, reading)] : []
}

const describe = (list: AccessList, access: ListAccess, { view }: Reading): ListedAccessList => ({
  list: access.maySeeMembers ? list : { ...list, members: [] },
  owners: list.owners.map((owner) => ({
    kind: owner.kind,
    name: owner.kind === 'user' ? userNameOf(owner.user, view) : owner.list,
  })),
  members: access.maySeeMembers
    ? list.members.map((member) => ({ member, name: memberName(member, view) }))
    : undefined,
  grantedRoles: list.grants.roles.map((reference) => canonicalName(reference, view)),
  access,
})
