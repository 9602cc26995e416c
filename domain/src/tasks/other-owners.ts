import type { AccessList, Member } from '../access-lists/access-list.ts'
import { hasExpired, meetsRequirements } from '../access-lists/memberships.ts'
import type { View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId, UserId } from '../kernel/names.ts'

/** Says whether anybody owns the list and could act, besides some people. Of lists that own it everybody counts who is there. */
export function hasOtherOwner(list: AccessList, except: ReadonlySet<UserId>, view: View, now: Instant): boolean {
  const mayAct = (id: UserId): boolean => {
    const user = view.userById.get(id)
    return (
      user !== undefined &&
      !except.has(id) &&
      !view.isLocked({ kind: 'user', user: id }, now) &&
      meetsRequirements(user, list.ownershipRequires)
    )
  }
  return list.owners.some((owner) =>
    owner.kind === 'user' ? mayAct(owner.user) : [...peopleIn(owner.list, view, now)].some(mayAct),
  )
}

/** Everybody who is named in a list or in lists in it, whatever they require. */
function peopleIn(root: AccessListId, view: View, now: Instant): ReadonlySet<UserId> {
  const people = new Set<UserId>()
  const reached = new Set([root])
  // The set grows as we walk it, and ends even when lists contain one another.
  for (const id of reached)
    for (const member of view.listById.get(id)?.members ?? []) if (!hasExpired(member, now)) visit(member)
  return people

  function visit(member: Member): void {
    if (member.kind === 'user') people.add(member.user)
    if (member.kind === 'list') reached.add(member.list)
  }
}
