import { type AccessList, type Member, type Removal, removeMembers } from '@gatehouse/domain'
import type { Acting } from '../governance/actor.ts'
import type { Reading } from '../governance/read-view.ts'
import { getManagedList } from '../governance/visibility.ts'
import { membersNamed, type NamedMember } from './members-named.ts'

/** What taking entries out of a list by their names changes. @throws DomainError `not-found`, `conflict`, `refused` */
export function removalOfMembers(
  asked: { readonly list: string; readonly members: readonly NamedMember[] },
  acting: Acting,
  reading: Reading,
): Removal & { readonly list: AccessList; readonly members: readonly Member[] } {
  const { view, now } = reading
  const list = getManagedList(asked.list, acting, reading)
  const members = membersNamed(asked.members, list, view)
  return { list, members, ...removeMembers(list, members, view, now, acting.name) }
}
