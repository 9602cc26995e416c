import type { View } from '../desired-state/view.ts'
import { formatInstant, type Instant } from '../kernel/instant.ts'
import type { UserId } from '../kernel/names.ts'
import type { AccessList, Member, Owner, Requirements } from './access-list.ts'
import { hasExpired } from './memberships.ts'
import { isSuspended } from './review-status.ts'

/** Why an entry of a list does not count now, in words; nothing where it does. */
export function whyNotMember(list: AccessList, member: Member, view: View, now: Instant): string | undefined {
  if (member.expires !== undefined && hasExpired(member, now)) return `ended ${formatInstant(member.expires)}`
  switch (member.kind) {
    case 'user':
      return whyNotUser(member.user, list.membershipRequires, view, now)
    case 'list':
      return whyNotList(member.list, view, now)
    case 'aws-only':
      return list.membershipRequires.roles.length > 0 || Object.keys(list.membershipRequires.traits).length > 0
        ? 'is known to AWS only, and so has nothing of what the list asks for'
        : undefined
  }
}

/** The same of somebody who owns a list, or of a list that does. */
export const whyNotOwner = (list: AccessList, owner: Owner, view: View, now: Instant): string | undefined =>
  owner.kind === 'user'
    ? whyNotUser(owner.user, list.ownershipRequires, view, now)
    : view.listById.has(owner.list)
      ? undefined
      : 'does not exist'

function whyNotList(id: AccessList['id'], view: View, now: Instant): string | undefined {
  const inner = view.listById.get(id)
  if (!inner) return 'does not exist'
  return isSuspended(inner, now) ? 'is suspended until it is reviewed' : undefined
}

function whyNotUser(id: UserId, { roles, traits }: Requirements, view: View, now: Instant): string | undefined {
  const user = view.userById.get(id)
  if (!user) return 'does not exist'
  if (view.isLocked({ kind: 'user', user: id }, now)) return 'is locked'
  const held = new Set(user.roles.map(({ name }) => name))
  const missing = [
    ...roles.filter((role) => !held.has(role)).map((role) => `role ${role}`),
    ...Object.entries(traits).flatMap(([key, values]) =>
      values.filter((value) => !user.traits[key]?.includes(value)).map((value) => `trait ${key}=${value}`),
    ),
  ]
  return missing.length === 0 ? undefined : `lacks ${missing.join(', ')}`
}
