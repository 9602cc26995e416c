import {
  awsOnlyMembersOf,
  longest,
  type Membership,
  membershipsOf,
  ownershipsOf,
  soonest,
  suspendedOn,
} from '../access-lists/memberships.ts'
import type { AccessList } from '../access-lists/access-list.ts'
import { isSuspended } from '../access-lists/review-status.ts'
import { type AccessRequest, givenResources, givenRoles, isInForce } from '../access-requests/access-request.ts'
import { isRequestLocked } from '../access-requests/prolonging.ts'
import { type AwsUserId, type GrantKey, grantKey, grantOfKey } from '../identity-center/account-assignment.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId, AccessRequestId, OrganizationId, RoleName, Traits, UserId } from '../kernel/names.ts'
import { isLiteral } from '../kernel/pattern.ts'
import { passesUserFilter } from '../organizations/filters.ts'
import { isElsewhere } from '../organizations/instance.ts'
import { type GroupKey, groupKey, type GroupSide, titleInAws } from '../organizations/link.ts'
import { allowedAssignments, deniedAssignments, missingTraits } from '../roles/expand-assignments.ts'
import { grantsOfRole } from '../roles/grants-of-role.ts'
import { canonicalName } from '../roles/role-names.ts'
import type { PatternTemplate, Role, RoleReference } from '../roles/role.ts'
import { hasTemplate } from '../roles/trait-templates.ts'
import type { User, UserProfile } from '../users/user.ts'
import { profileOf, whyNotPushed } from '../users/user-profile.ts'
import type { OrganizationView } from './view.ts'

/** Why a principal holds an assignment, and until when. Derived, never stored. */
export interface Lease {
  readonly cause: LeaseCause
  /** Absent: until somebody decides otherwise. */
  readonly until: Instant | undefined
}

export type LeaseCause =
  | { readonly kind: 'role'; readonly role: RoleName }
  | { readonly kind: 'request'; readonly request: AccessRequestId }
  | { readonly kind: 'list'; readonly list: AccessListId; readonly role: RoleName }
  | { readonly kind: 'adopted'; readonly keptBy?: string }

/** Access that somebody granted and that is not given, with the reason a person can read. */
export interface Withheld {
  readonly user?: UserId
  readonly list?: AccessListId
  readonly grant?: GrantKey
  readonly reason: string
  /** Where several are enrolled and it is so in this one only. */
  readonly organization?: OrganizationId
}

export interface DesiredUser {
  readonly user: UserId
  readonly profile: UserProfile
  /** Assignments that the user holds directly. */
  readonly assignments: ReadonlyMap<GrantKey, readonly Lease[]>
  /** Groups that the user is in, and until when. */
  readonly groups: ReadonlyMap<GroupKey, Membership>
  readonly withheld: readonly Withheld[]
  /** Leases on accounts or permission sets that are not there now; they come back with them. */
  readonly waiting: readonly GrantKey[]
  /** Some deny counts for the user, whether or not it takes anything away now. */
  readonly hasDenies: boolean
}

export interface DesiredGroup {
  readonly group: GroupKey
  readonly list: AccessListId
  readonly side: GroupSide
  readonly title: string
  readonly assignments: ReadonlyMap<GrantKey, readonly Lease[]>
  /** Members whom only AWS knows. */
  readonly awsOnly: ReadonlyMap<AwsUserId, Instant | undefined>
  readonly waiting: readonly GrantKey[]
}

/** More assignments than this per user and list are not made one by one; the user then gets nothing of that list. */
export const MAX_DIRECT_PER_LIST = 20

/**
 * What AWS should hold of one user at one instant: profile, direct assignments and groups. Absent when the user is not
 * to be managed in AWS at all.
 */
export function desiredForUser(user: User, view: OrganizationView, now: Instant): DesiredUser {
  const unpushed = whyNotManaged(user, view)
  const locked = view.isLocked({ kind: 'user', user: user.id }, now)
  const profile = { ...profileOf(user), active: !locked && unpushed === undefined }
  const nothing = { user: user.id, profile, assignments: new Map(), groups: new Map(), waiting: [], hasDenies: false }
  if (unpushed !== undefined) return { ...nothing, withheld: [{ user: user.id, reason: unpushed }] }
  if (locked) return { ...nothing, withheld: [{ user: user.id, reason: 'The user is locked.' }] }

  const memberships = membershipsOf(user, view, now)
  const ownerships = ownershipsOf(user, view, memberships)
  const held = new Collector(view, now)
  const { traits } = user
  for (const reference of user.roles)
    held.addRole(reference, { causeOf: (role) => ({ kind: 'role', role }), until: undefined, traits })
  for (const request of view.requestsByUser.get(user.id) ?? []) {
    if (!isInForce(request, now) || request.state !== 'approved') continue
    if (isRequestLocked(request, view, now)) continue
    const cause = { kind: 'request', request: request.id } as const
    for (const resource of givenResources(request)) {
      const grant = grantKey(resource)
      if (isReached(grant, request, user, view, now)) held.add(grant, { cause, until: request.expiresAt })
    }
    for (const reference of givenRoles(request)) {
      const within =
        request.approvedGrants &&
        new Set(request.approvedGrants.find(({ role }) => role === reference.name)?.grants ?? [])
      held.addRole(reference, { causeOf: () => cause, until: request.expiresAt, traits, ...(within ? { within } : {}) })
    }
  }
  for (const { grant, keptBy } of view.adoptedByUser.get(user.id) ?? [])
    held.add(grant, { cause: { kind: 'adopted', ...(keptBy === undefined ? {} : { keptBy }) }, until: undefined })

  const denied = deniedTo(user, memberships, ownerships, view, now)
  const groups = new Map<GroupKey, Membership>()
  const withheld: Withheld[] = []
  const sides = [
    ['members', memberships],
    ['owners', ownerships],
  ] as const
  for (const [side, entries] of sides) {
    for (const membership of entries.values()) placeInGroup(side, membership)
  }
  for (const grant of denied) {
    if (held.leases.delete(grant))
      withheld.push({ user: user.id, grant, reason: 'A deny rule of one of the user’s roles takes it away.' })
  }
  for (const reason of held.unexpanded) withheld.push({ user: user.id, reason })
  return {
    user: user.id,
    profile,
    assignments: held.leases,
    groups,
    withheld,
    waiting: [...held.waiting],
    hasDenies: denied.size > 0,
  }

  /** In the group, unless a deny of the user hits what the group holds: then the rest comes directly, if it is little. */
  function placeInGroup(side: GroupSide, membership: Membership): void {
    const list = view.listById.get(membership.list)
    if (!list) return
    const granted = sideOf(list, side, view, now)
    if (!granted.isWanted) return
    const suspended = suspendedOn(membership, view, now)
    if (suspended) {
      const reason = `"${suspended.title}" is suspended until its owners have reviewed it.`
      withheld.push({ user: user.id, list: list.id, reason })
      // Those who are in it stay in its group, which holds nothing; through it nobody holds what other lists give.
      if (suspended.id !== list.id) return
    }
    for (const reason of granted.unexpanded) withheld.push({ user: user.id, list: list.id, reason })
    const hit = denied.size === 0 ? [] : [...granted.leases.keys()].filter((grant) => denied.has(grant))
    if (hit.length === 0) {
      groups.set(granted.group, membership)
      return
    }
    const rest = [...granted.leases].filter(([grant]) => !denied.has(grant))
    for (const grant of hit)
      withheld.push({
        user: user.id,
        list: list.id,
        grant,
        reason: `A deny rule takes it away from what "${list.title}" grants.`,
      })
    if (rest.length > MAX_DIRECT_PER_LIST) {
      withheld.push({
        user: user.id,
        list: list.id,
        reason: `A deny rule takes the user out of the group of "${list.title}", and the ${rest.length} assignments that remain are more than ${MAX_DIRECT_PER_LIST}. Split the list into one with and one without what is denied.`,
      })
      return
    }
    for (const [grant, leases] of rest) {
      for (const lease of leases) held.add(grant, { cause: lease.cause, until: soonest(lease.until, membership.until) })
    }
  }
}

/**
 * Resources are asked for through roles, and a lock on a role takes away what came through it: one that is not locked has
 * to reach them. A role that has merely changed takes nothing away that was approved.
 */
function isReached(
  grant: GrantKey,
  request: AccessRequest,
  { traits }: User,
  view: OrganizationView,
  now: Instant,
): boolean {
  const open = request.roles.filter(
    (reference) =>
      ![reference.name, canonicalName(reference, view)].some((role) => view.isLocked({ kind: 'role', role }, now)),
  )
  if (open.length === request.roles.length) return true
  return open.some((reference) => grantsOfRole(reference, view, traits).has(grant))
}

/** What one side of a list grants, to whomever is in it. */
export const leasesOfList = (
  list: AccessList,
  side: GroupSide,
  view: OrganizationView,
  now: Instant,
): ReadonlyMap<GrantKey, readonly Lease[]> => sideOf(list, side, view, now).leases

/** What AWS should hold of one side of a list; absent when no group is wanted for it. */
export function desiredForGroup(
  list: AccessList,
  side: GroupSide,
  view: OrganizationView,
  now: Instant,
): DesiredGroup | undefined {
  const granted = sideOf(list, side, view, now)
  if (!granted.isWanted) return undefined
  const awsOnly = new Map<AwsUserId, Instant | undefined>()
  if (side === 'members') for (const [id, until] of awsOnlyMembersOf(list, view, now)) awsOnly.set(id, until)
  return {
    group: granted.group,
    list: list.id,
    side,
    title: titleInAws(list.title, side, view.groupLinkByKey.get(granted.group)),
    assignments: granted.leases,
    awsOnly,
    waiting: [...granted.waiting],
  }
}

/**
 * A list has a group in AWS when a role it grants allows or denies any account assignment there, or when its group was
 * adopted: what names another organization's permission sets is that one's.
 * A role that can't be read now counts as one that does: a group is never removed because something has vanished.
 */
export function isGroupWanted(list: AccessList, side: GroupSide, view: OrganizationView): boolean {
  if (side === 'members' && view.groupLinkByKey.get(groupKey(list.id, side))?.origin === 'adopted') return true
  const { roles } = side === 'members' ? list.grants : list.ownerGrants
  return roles.some((reference) => {
    const resolved = view.resolveRole(reference)
    if (resolved.kind !== 'stored') return resolved.kind !== 'unknown' && resolved.kind !== 'elsewhere'
    const { allow, deny } = resolved.role
    return [...allow.accountAssignments, ...deny.accountAssignments].some(
      ({ permissionSet }) => !isAlwaysElsewhere(permissionSet, view),
    )
  })
}

const isAlwaysElsewhere = (permissionSet: PatternTemplate, { organization }: OrganizationView): boolean =>
  !hasTemplate(permissionSet) && isLiteral(permissionSet) && isElsewhere(permissionSet, organization)

/** Says why a user is not managed in AWS, or nothing when he is. */
function whyNotManaged(user: User, view: OrganizationView): string | undefined {
  const { organization } = view
  if (!passesUserFilter(organization.userFilter, user.labels)) return 'The user is outside the user filter.'
  if (organization.hybrid)
    return view.userLinkByUser.has(user.id)
      ? undefined
      : 'No user of this name exists in Identity Center yet; another identity provider keeps users there.'
  return whyNotPushed(user)
}

/** What one side of a list comes to, for everybody in it. */
export interface ListSide {
  readonly group: GroupKey
  readonly isWanted: boolean
  /** Its roles' allow less its roles' deny; nothing while the list is suspended. */
  readonly leases: ReadonlyMap<GrantKey, readonly Lease[]>
  readonly waiting: ReadonlySet<GrantKey>
  readonly unexpanded: ReadonlySet<string>
  /** What its roles take from everybody in it, suspended or not. */
  readonly denied: ReadonlySet<GrantKey>
}

/** Sides of lists that were worked out for one view at one instant. */
export type KnownSides = Map<AccessListId, { members?: ListSide; owners?: ListSide }>
const sidesByView = new WeakMap<OrganizationView, { readonly now: Instant; readonly sides: KnownSides }>()

/** Moves what is known of one view to the next, of which the caller knows what is the same there. */
export function moveSides(sides: KnownSides, from: OrganizationView, to: OrganizationView, now: Instant): void {
  sidesByView.delete(from)
  sidesByView.set(to, { now, sides })
}

export function sidesOf(view: OrganizationView, now: Instant): KnownSides {
  const known = sidesByView.get(view)
  if (known?.now === now) return known.sides
  const sides: KnownSides = new Map()
  sidesByView.set(view, { now, sides })
  return sides
}

/** Asked once per member, computed once per view and instant. */
export function sideOf(list: AccessList, side: GroupSide, view: OrganizationView, now: Instant): ListSide {
  // A list that is only drafted is nobody else's.
  if (view.listById.get(list.id) !== list) return computeSide(list, side, view, now)
  const sides = sidesOf(view, now)
  const known = sides.get(list.id) ?? {}
  sides.set(list.id, known)
  return (known[side] ??= computeSide(list, side, view, now))
}

function computeSide(list: AccessList, side: GroupSide, view: OrganizationView, now: Instant): ListSide {
  const collector = new Collector(view, now)
  const { roles, traits } = side === 'members' ? list.grants : list.ownerGrants
  const denied = new Set<GrantKey>()
  for (const reference of roles) for (const grant of deniedBy(reference, view, traits)) denied.add(grant)
  const isWanted = isGroupWanted(list, side, view)
  if (!isSuspended(list, now)) {
    for (const reference of roles)
      collector.addRole(reference, {
        causeOf: (role) => ({ kind: 'list', list: list.id, role }),
        until: undefined,
        traits,
      })
    for (const grant of denied) collector.leases.delete(grant)
  }
  const { leases, waiting, unexpanded } = collector
  return { group: groupKey(list.id, side), isWanted, leases, waiting, unexpanded, denied }
}

/** Denies of the user's own roles, of requested ones in force, and of the roles of every list the user is in. */
function deniedTo(
  user: User,
  memberships: ReadonlyMap<AccessListId, Membership>,
  ownerships: ReadonlyMap<AccessListId, Membership>,
  view: OrganizationView,
  now: Instant,
): ReadonlySet<GrantKey> {
  const denied = new Set<GrantKey>()
  const addDenied = (references: readonly RoleReference[], traits: Traits): void => {
    for (const reference of references) for (const grant of deniedBy(reference, view, traits)) denied.add(grant)
  }
  addDenied(user.roles, user.traits)
  for (const request of view.requestsByUser.get(user.id) ?? []) {
    if (isInForce(request, now)) addDenied(givenRoles(request), user.traits)
  }
  const addSide = (id: AccessListId, side: GroupSide): void => {
    const list = view.listById.get(id)
    if (list) for (const grant of sideOf(list, side, view, now).denied) denied.add(grant)
  }
  for (const id of memberships.keys()) addSide(id, 'members')
  for (const id of ownerships.keys()) addSide(id, 'owners')
  return denied
}

/** @param traits the user's own, or those of the list that grants the role */
function deniedBy(reference: RoleReference, view: OrganizationView, traits: Traits): ReadonlySet<GrantKey> {
  const resolved = view.resolveRole(reference)
  if (resolved.kind !== 'stored') return new Set()
  return view.expand(deniedAssignments(resolved.role.deny.accountAssignments, traits))
}

interface Granting {
  readonly causeOf: (role: RoleName) => LeaseCause
  readonly until: Instant | undefined
  /** What templates of the role are filled in with. */
  readonly traits: Traits
  /** What was approved: no more is given, whatever the role says now. */
  readonly within?: ReadonlySet<GrantKey>
}

/** Gathers leases by grant. A locked role gives nothing; what the catalogue lacks waits. */
class Collector {
  readonly leases = new Map<GrantKey, Lease[]>()
  readonly waiting = new Set<GrantKey>()
  /** Sentences about entries that give nothing because a trait is missing. */
  readonly unexpanded = new Set<string>()
  readonly #view: OrganizationView
  readonly #now: Instant

  constructor(view: OrganizationView, now: Instant) {
    this.#view = view
    this.#now = now
  }

  addRole(reference: RoleReference, granting: Granting): void {
    const { causeOf, until } = granting
    if (this.#view.isLocked({ kind: 'role', role: reference.name }, this.#now)) return
    const resolved = this.#view.resolveRole(reference)
    switch (resolved.kind) {
      case 'stored':
        return this.#addAllowed(resolved.role, granting)
      case 'system':
        if (this.#view.isLocked({ kind: 'role', role: resolved.role.name }, this.#now)) return
        return this.add(grantKey(resolved.grant), { cause: causeOf(resolved.role.name), until })
      case 'vanished':
        this.waiting.add(grantKey(resolved.pinned))
        return
      case 'elsewhere':
      case 'repinned':
      case 'unknown':
    }
  }

  #addAllowed({ name, allow }: Role, { causeOf, until, traits, within }: Granting): void {
    const cause = causeOf(name)
    for (const grant of this.#view.expand(allowedAssignments(allow.accountAssignments, traits)))
      if (!within || within.has(grant)) this.add(grant, { cause, until })
    for (const trait of missingTraits(allow.accountAssignments, traits))
      this.unexpanded.add(`Entries of role "${name}" give nothing, because the trait "${trait}" is missing.`)
  }

  add(key: GrantKey, lease: Lease): void {
    const { account, permissionSet } = grantOfKey(key)
    const { accounts, permissionSets } = this.#view.catalogue
    if (!accounts.has(account) || !permissionSets.has(permissionSet)) {
      if (!isElsewhere(permissionSet, this.#view.organization)) this.waiting.add(key)
      return
    }
    const leases = this.leases.get(key)
    if (leases) leases.push(lease)
    else this.leases.set(key, [lease])
  }
}

/** When the last of several leases ends; absent when one of them has no end. */
export function leasesEnd(leases: readonly Lease[]): Instant | undefined {
  return leases.map(({ until }) => until).reduce((a, b) => longest(a, b))
}
