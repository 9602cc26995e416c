import { NO_GRANTS } from '../access-lists/access-list.ts'
import { giving, type Membership, membershipsOf, ownershipsOf, suspendedOn } from '../access-lists/memberships.ts'
import { type AccessRequest, givenApplications, givenRoles, isInForce } from '../access-requests/access-request.ts'
import { isRequestLocked } from '../access-requests/prolonging.ts'
import type { View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId, AccessRequestId, RoleName, Traits } from '../kernel/names.ts'
import type { ServiceProviderName } from '../saml/service-provider.ts'
import type { User } from '../users/user.ts'
import { withClaims } from './claims.ts'
import { traitsWith } from './effective-traits.ts'
import { definitionOf } from './definition-of.ts'
import { deniedAssignments } from './expand-assignments.ts'
import type { AccountAssignmentPattern, Role, RoleReference } from './role.ts'
import { canonicalName } from './role-names.ts'
import { withTraits } from './with-traits.ts'

/** What counts for a person at one instant: own roles, those of lists he is in or owns, and of assumed requests. */
export interface EffectiveRoles {
  /** Canonical names of everything held. */
  readonly names: ReadonlySet<RoleName>
  /** Of those, what has no end. */
  readonly standing: ReadonlySet<RoleName>
  /** Stored roles whose allow counts: not those that are locked. */
  readonly allowing: readonly Role[]
  /** Stored roles whose deny counts: a lock takes away what a role gives, not what it forbids. */
  readonly denying: readonly Role[]
  /** What the latter deny in AWS, with the traits of the user or of the list that grants each of them filled in. */
  readonly deniedAssignments: readonly (readonly AccountAssignmentPattern[])[]
  /** Of `denying`: lent to him by requests, and not what was approved any more, so that they give nothing here. */
  readonly changed: ReadonlySet<RoleName>
  /** Whose roles these are, as conditions ask for it. */
  readonly person: Person
  /** The same with what is locked or suspended. */
  readonly held: { readonly names: ReadonlySet<RoleName>; readonly person: Person }
}

interface Person {
  readonly name: string
  readonly traits: Traits
}

/**
 * What conditions are asked with, so that a lock opens nothing: one that allows must be met in both ways, one that denies
 * in either.
 */
export const bothWays = (roles: EffectiveRoles): readonly EffectiveRoles[] => [roles, { ...roles, ...roles.held }]

export function effectiveRoles(
  user: User,
  view: View,
  now: Instant,
  { assumed = [], application }: Asking = {},
): EffectiveRoles {
  if (view.isLocked({ kind: 'user', user: user.id }, now)) {
    const person = { name: user.name, traits: {} }
    return {
      names: new Set(),
      standing: new Set(),
      allowing: [],
      denying: [],
      deniedAssignments: [],
      changed: new Set(),
      person,
      held: { names: new Set(), person },
    }
  }
  const memberships = membershipsOf(user, view, now)
  const ownerships = ownershipsOf(user, view, memberships)
  const traits = traitsWith(user, view, giving(memberships, view, now), giving(ownerships, view, now))
  const heldTraits = traitsWith(user, view, memberships, ownerships)
  const references = referencesOf(user, view, now, { assumed, application, memberships, ownerships })
  const stored = new Map<RoleName, { role: Role; locked: boolean }>()
  const names = new Set<RoleName>()
  const heldNames = new Set<RoleName>()
  const standing = new Set<RoleName>()
  const denied = new Set<readonly AccountAssignmentPattern[]>()
  const changed = new Set<RoleName>()
  for (const { reference, ends, suspended, isChanged, traits: own } of references) {
    const name = canonicalName(reference, view)
    const locked = suspended || isRoleLocked(reference, view, now)
    heldNames.add(name)
    if (isChanged) changed.add(name)
    if (!locked) {
      names.add(name)
      changed.delete(name)
      if (!ends) standing.add(name)
    }
    const resolved = view.resolveRole(reference)
    if (resolved.kind !== 'stored') continue
    denied.add(deniedAssignments(resolved.role.deny.accountAssignments, own))
    stored.set(name, { role: withClaims(withTraits(resolved.role, traits, heldTraits), traits, heldTraits), locked })
  }
  return {
    names,
    standing,
    allowing: [...stored.values()].filter(({ locked }) => !locked).map(({ role }) => role),
    denying: [...stored.values()].map(({ role }) => role),
    deniedAssignments: [...denied],
    changed,
    person: { name: user.name, traits },
    held: { names: heldNames, person: { name: user.name, traits: heldTraits } },
  }
}

/** In which situation roles are asked for. */
export interface Asking {
  /** Requests whose roles the session has assumed. */
  readonly assumed?: readonly AccessRequestId[]
  /** The application that somebody signs in to: requests for it count, assumed or not, and for no other. */
  readonly application?: ServiceProviderName | undefined
}

const isFor = (application: ServiceProviderName | undefined, request: AccessRequest): boolean =>
  application !== undefined && givenApplications(request).includes(application)

/** Lent is a role as it was approved: changed since, it forbids what it forbids and gives nothing. */
function hasChanged(reference: RoleReference, request: AccessRequest, view: View): boolean {
  if (request.state !== 'approved' || !request.approvedRoles) return false
  const resolved = view.resolveRole(reference)
  return resolved.kind === 'stored' && request.approvedRoles[reference.name] !== definitionOf(resolved.role)
}

interface Sources extends Asking {
  readonly assumed: readonly AccessRequestId[]
  readonly memberships: ReadonlyMap<AccessListId, Membership>
  readonly ownerships: ReadonlyMap<AccessListId, Membership>
}

interface HeldReference {
  readonly reference: RoleReference
  readonly ends: boolean
  readonly suspended: boolean
  /** Suspended because it says something else than what was approved. */
  readonly isChanged?: boolean
  /** What templates in it are filled in with: the user's own, or those of the list that grants it. */
  readonly traits: Traits
}

function referencesOf(
  user: User,
  view: View,
  now: Instant,
  { assumed, application, memberships, ownerships }: Sources,
): readonly HeldReference[] {
  const granted = (side: 'grants' | 'ownerGrants', membership: Membership) => {
    const ends = membership.until !== undefined
    const suspended = suspendedOn(membership, view, now) !== undefined
    const { roles, traits: own } = view.listById.get(membership.list)?.[side] ?? NO_GRANTS
    return roles.map((reference) => ({ reference, ends, suspended, traits: own }))
  }
  const { traits } = user
  const fromLists = [
    ...[...memberships.values()].flatMap((membership) => granted('grants', membership)),
    ...[...ownerships.values()].flatMap((ownership) => granted('ownerGrants', ownership)),
  ]
  const fromRequests = (view.requestsByUser.get(user.id) ?? [])
    .filter(
      (request) =>
        (assumed.includes(request.id) || isFor(application, request)) &&
        isInForce(request, now) &&
        !isRequestLocked(request, view, now),
    )
    .flatMap((request) =>
      (isFor(application, request) ? request.roles : givenRoles(request)).map((reference) => {
        const isChanged = hasChanged(reference, request, view)
        return { reference, ends: true, suspended: isChanged, isChanged, traits }
      }),
    )
  const own = user.roles.map((reference) => ({ reference, ends: false, suspended: false, traits }))
  // What is suspended comes first, so that holding the same role another way counts.
  const all = [...own, ...fromLists, ...fromRequests]
  return [...all.filter(({ suspended }) => suspended), ...all.filter(({ suspended }) => !suspended)]
}

/** A lock counts under the name it was made for and under the current one. */
export function isRoleLocked(reference: RoleReference, view: View, now: Instant): boolean {
  return [reference.name, canonicalName(reference, view)].some((role) => view.isLocked({ kind: 'role', role }, now))
}
