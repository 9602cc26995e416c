import type { View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import type { RoleName } from '../kernel/names.ts'
import type { User } from '../users/user.ts'
import type { AccessList } from './access-list.ts'
import { hasExpired, meetsRequirements, membershipsOf } from './memberships.ts'

/** A list that somebody is in and that does not give him all it says. */
export interface InvalidList {
  readonly list: AccessList
  /** `missing_roles`: it grants what is not there. `requirements`: he does not meet what the list asks of its members. */
  readonly reason: 'missing_roles' | 'requirements'
  /** Roles that it grants and that mean nothing now; or that it asks for and that he lacks. */
  readonly missingRoles: readonly RoleName[]
}

/** Of the lists that name a user or contain one that does, those that can't be taken at their word now. */
export function invalidListsOf(user: User, view: View, now: Instant): readonly InvalidList[] {
  const unmet = (view.entriesOfUser.get(user.id) ?? [])
    .filter(({ list, member }) => !hasExpired(member, now) && !meetsRequirements(user, list.membershipRequires))
    .map(({ list }): InvalidList => {
      const held = new Set(user.roles.map(({ name }) => name))
      return {
        list,
        reason: 'requirements',
        missingRoles: list.membershipRequires.roles.filter((role) => !held.has(role)),
      }
    })
  const broken = [...membershipsOf(user, view, now).keys()].flatMap((id): readonly InvalidList[] => {
    const list = view.listById.get(id)
    const missingRoles = (list?.grants.roles ?? []).filter((reference) => {
      const { kind } = view.resolveRole(reference)
      return kind !== 'stored' && kind !== 'system'
    })
    return list && missingRoles.length > 0
      ? [{ list, reason: 'missing_roles', missingRoles: missingRoles.map(({ name }) => name) }]
      : []
  })
  return [...unmet, ...broken]
}
