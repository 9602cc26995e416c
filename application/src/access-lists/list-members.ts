import { DomainError, type Member } from '@gatehouse/domain'
import type { Actor } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import type { Reading } from '../governance/read-view.ts'
import { getAccessList, type ListedAccessList } from './list-access-lists.ts'

export type ListedMember = NonNullable<ListedAccessList['members']>[number]

/**
 * Who is in a list by name, for those who may see it: all, those of one kind, or those whose name holds a text, in any case.
 * @throws DomainError `not-found`, `refused`
 */
export async function listMembers(
  ports: ReadPorts,
  query: {
    readonly actor: Actor
    readonly list: string
    readonly kind?: Member['kind'] | undefined
    readonly search?: string | undefined
  },
  signal: AbortSignal,
): Promise<{ readonly members: readonly ListedMember[]; readonly view: Reading['view'] }> {
  const { actor, list, kind, search } = query
  const found = await getAccessList(ports, { actor, list }, signal)
  const { view } = found.reading
  if (!found.members)
    throw new DomainError({
      code: 'refused',
      message: 'Only owners of a list see who is in it.',
      remedy: 'Ask one of its owners.',
    })
  const wanted = search?.trim().toLowerCase() ?? ''
  const isWanted = ({ member, name }: ListedMember): boolean =>
    (kind === undefined || member.kind === kind) &&
    (wanted === '' || `${name}\n${titleOfMember(member, view) ?? ''}`.toLowerCase().includes(wanted))
  return { members: found.members.filter(isWanted).toSorted((a, b) => (a.name < b.name ? -1 : 1)), view }
}

/** What a person would call it by, where that is not its name. */
export function titleOfMember(member: Member, view: Reading['view']): string | undefined {
  switch (member.kind) {
    case 'user':
      return undefined
    case 'list':
      return view.listById.get(member.list)?.title
    case 'aws-only':
      return member.userName
  }
}
