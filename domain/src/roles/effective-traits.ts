import { giving, type Membership, membershipsOf, ownershipsOf } from '../access-lists/memberships.ts'
import type { View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId, Traits } from '../kernel/names.ts'
import type { User } from '../users/user.ts'

/** A person's own traits and those that lists grant him, value by value, each once and in order. */
export function effectiveTraits(user: User, view: View, now: Instant): Traits {
  const memberships = membershipsOf(user, view, now)
  const ownerships = ownershipsOf(user, view, memberships)
  return traitsWith(user, view, giving(memberships, view, now), giving(ownerships, view, now))
}

/** The same, where it is known already which lists give somebody anything. */
export function traitsWith(
  user: User,
  view: View,
  memberships: ReadonlyMap<AccessListId, Membership>,
  ownerships: ReadonlyMap<AccessListId, Membership>,
): Traits {
  const granted = [
    user.traits,
    ...[...memberships.keys()].map((id) => view.listById.get(id)?.grants.traits ?? {}),
    ...[...ownerships.keys()].map((id) => view.listById.get(id)?.ownerGrants.traits ?? {}),
  ]
  const merged = new Map<string, Set<string>>()
  for (const traits of granted)
    for (const [name, values] of Object.entries(traits)) {
      const known = merged.get(name) ?? new Set()
      for (const value of values) known.add(value)
      merged.set(name, known)
    }
  return Object.fromEntries([...merged].map(([name, values]) => [name, [...values].toSorted()]))
}
