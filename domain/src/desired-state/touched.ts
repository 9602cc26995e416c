import type { AccessList } from '../access-lists/access-list.ts'
import { isSuspended } from '../access-lists/review-status.ts'
import { looksLikeSystemRole } from '../identity-center/system-roles.ts'
import { type Differences, differencesOf } from '../kernel/differences.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId, RoleName, UserId } from '../kernel/names.ts'
import type { Lock, LockTarget } from '../locks/lock.ts'
import type { GroupSide } from '../organizations/link.ts'
import type { Role } from '../roles/role.ts'
import { type DesiredUser, type KnownSides, type ListSide, sideOf, sidesOf, moveSides } from './desired-for.ts'
import { pairedById, type RecordChanges } from './record-index.ts'
import type { ReverseIndex } from './reverse-index.ts'
import type { Moment } from './timeline.ts'
import type { OrganizationView } from './view.ts'

/** One view at one instant, and what it came to. */
export interface Stand {
  readonly view: OrganizationView
  readonly now: Instant
}

export interface Step {
  readonly before: Stand
  readonly after: Stand
  readonly changes: RecordChanges
  readonly locks: Differences<Lock>
  /** What has come by time alone. */
  readonly moments: readonly Moment[]
  readonly index: ReverseIndex
  readonly desiredBefore: ReadonlyMap<UserId, DesiredUser>
  /** Those of them for whom some deny counts, and those from whom something is withheld. */
  readonly denying: ReadonlySet<UserId>
  readonly withholding: ReadonlySet<UserId>
}

/** Whose desired state may be another: users, and lists for the sake of their groups. */
export interface Touched {
  readonly users: ReadonlySet<UserId>
  readonly lists: ReadonlySet<AccessListId>
}

/**
 * The principals that a change touches: too many are slow, one too few is wrong. What is true of a list as it was and
 * as it is counts alike.
 */
export function touchedBy(step: Step): Touched {
  const touching = new Touching(step)
  const { changes, locks, moments, before } = step
  for (const { id } of both(changes.users)) touching.users.add(id)
  for (const { user } of both(changes.requests)) touching.users.add(user)
  for (const { user } of both(changes.adopted)) touching.users.add(user)
  for (const { user } of both(changes.userLinks)) touching.users.add(user)
  for (const { list } of both(changes.groupLinks)) touching.sides(list)
  for (const name of changedRoles(changes.roles)) touching.role(name)
  for (const { target } of both(locks)) touching.lock(target)
  for (const { old, fresh } of pairedById(changes.lists.gone, changes.lists.come)) touching.list(old, fresh)
  for (const moment of moments) touching.moment(moment)
  touching.settleSides(sidesOf(before.view, before.now))
  return touching
}

const both = <T>({ gone, come }: Differences<T>): readonly T[] => [...gone, ...come]

/** Only what a role gives and takes in AWS counts here. */
function changedRoles({ gone, come }: Differences<Role>): readonly RoleName[] {
  const byName = (roles: readonly Role[]) => new Map(roles.map((role) => [role.name, role]))
  const [old, fresh] = [byName(gone), byName(come)]
  const given = (role: Role | undefined) => role && [role.allow.accountAssignments, role.deny.accountAssignments]
  return [...new Set([...old.keys(), ...fresh.keys()])].filter(
    (name) => !isSame(given(old.get(name)), given(fresh.get(name))),
  )
}

const FEW = 16

class Touching implements Touched {
  readonly users = new Set<UserId>()
  readonly lists = new Set<AccessListId>()
  /** Lists whose sides have to be worked out again. */
  readonly #sides = new Set<AccessListId>()
  readonly #step: Step

  constructor(step: Step) {
    this.#step = step
  }

  /** What its roles give or take may be another, and so may what everybody gets who names it. */
  role(name: RoleName): void {
    const { index } = this.#step
    for (const user of index.usersWithRole.get(name)) this.users.add(user)
    for (const { user } of index.requestsForRole.get(name)) this.users.add(user)
    for (const list of index.listsGrantingRole.get(name)) this.sides(list)
  }

  lock(target: LockTarget): void {
    switch (target.kind) {
      case 'user':
        this.users.add(target.user)
        return
      case 'access-request': {
        const { before, after } = this.#step
        for (const { view } of [before, after])
          for (const { id, user, prolongs } of view.requests)
            if (id === target.request || prolongs === target.request) this.users.add(user)
        return
      }
      case 'role':
        for (const name of this.#namesOf(target.role)) this.role(name)
    }
  }

  /**
   * A system role is meant by its old names, too. Some are known only by the pin that their holders have, so every name
   * that ends in the account counts: an account's digits never change.
   */
  #namesOf(role: RoleName): readonly RoleName[] {
    if (!looksLikeSystemRole(role)) return [role]
    const account = role.slice(-12)
    return [role, ...[...this.#step.index.roleNames()].filter((name) => name !== role && name.endsWith(account))]
  }

  moment(moment: Moment): void {
    switch (moment.kind) {
      case 'user':
        this.users.add(moment.user)
        return
      case 'nested':
        this.#everybodyIn(moment.inner)
        this.#groupsAround(moment.list)
        return
      case 'aws-only':
        this.#groupsAround(moment.list)
        return
      case 'suspension':
        this.#everythingOf(moment.list)
        return
      case 'lock':
        this.lock(moment.target)
    }
  }

  list(old: AccessList | undefined, fresh: AccessList | undefined): void {
    const list = fresh ?? old
    if (!list) return
    const { before, after } = this.#step
    for (const member of both(differencesOf(old?.members ?? [], fresh?.members ?? []))) {
      if (member.kind === 'user') this.users.add(member.user)
      else this.#groupsAround(list.id)
      if (member.kind === 'list') this.#everybodyIn(member.list)
    }
    if (!old || !fresh || isSuspended(old, before.now) !== isSuspended(fresh, after.now))
      return this.#everythingOf(list.id)
    if (!isSame(old.membershipRequires, fresh.membershipRequires)) {
      this.#everybodyIn(list.id)
      this.#groupsAround(list.id)
    }
    if (!isSame(old.ownershipRequires, fresh.ownershipRequires) || !isSame(old.owners, fresh.owners))
      this.#ownersOf(list.id)
    if (old.title !== fresh.title) {
      this.lists.add(list.id)
      // Sentences about what is withheld name the list.
      const { withholding } = this.#step
      this.#among(withholding, (only) => this.#everybodyIn(list.id, only))
      this.#among(withholding, (only) => this.#ownersOf(list.id, only))
    }
    const given = (one: AccessList) => [one.grants, one.ownerGrants]
    if (isSame(given(old), given(fresh))) return
    this.sides(list.id)
  }

  /** What it gives or takes on either side may be another. */
  sides(list: AccessListId): void {
    this.lists.add(list)
    this.#sides.add(list)
  }

  #everythingOf(list: AccessListId): void {
    this.sides(list)
    this.#everybodyIn(list)
    this.#ownersOf(list)
    this.#groupsAround(list)
  }

  /** Compares sides as they were and as they are; takes over all others. */
  settleSides(known: KnownSides): void {
    const { before, after } = this.#step
    const old = [...this.#sides].map((id) => [id, this.#sidesAt(before, id)] as const)
    for (const id of this.#sides) known.delete(id)
    moveSides(known, before.view, after.view, after.now)
    for (const [id, was] of old) {
      const is = this.#sidesAt(after, id)
      for (const [side, everybody] of [
        ['members', (only?: Only) => this.#everybodyIn(id, only)],
        ['owners', (only?: Only) => this.#ownersOf(id, only)],
      ] as const) {
        if (!isSameToAll(was?.[side], is?.[side])) everybody()
        else if (!isSame([...(was?.[side].leases ?? [])], [...(is?.[side].leases ?? [])]))
          this.#among(this.#step.denying, everybody)
      }
    }
  }

  /** Those of everybody who are among some. A few of these are looked at sooner than everybody in a list. */
  #among(some: ReadonlySet<UserId>, everybody: (only: Only) => void): void {
    if (some.size > FEW) everybody((user) => some.has(user))
    else for (const user of some) this.users.add(user)
  }

  #sidesAt({ view, now }: Stand, id: AccessListId): Readonly<Record<GroupSide, ListSide>> | undefined {
    const list = view.listById.get(id)
    return list && { members: sideOf(list, 'members', view, now), owners: sideOf(list, 'owners', view, now) }
  }

  /** Everybody named in a list or in lists inside it, whether or not it counts now. */
  #everybodyIn(root: AccessListId, only?: Only): void {
    const { before, after } = this.#step
    for (const { view } of [before, after]) {
      const reached = new Set([root])
      for (const id of reached)
        for (const member of view.listById.get(id)?.members ?? []) {
          if (member.kind === 'list') reached.add(member.list)
          else if (member.kind === 'user') this.#user(member.user, only)
        }
    }
  }

  #ownersOf(id: AccessListId, only?: Only): void {
    const { before, after } = this.#step
    for (const { view } of [before, after])
      for (const owner of view.listById.get(id)?.owners ?? []) {
        if (owner.kind === 'list') this.#everybodyIn(owner.list, only)
        else this.#user(owner.user, only)
      }
  }

  #user(user: UserId, only: Only | undefined): void {
    if (!only || only(user) || !this.#step.desiredBefore.has(user)) this.users.add(user)
  }

  /** Its own groups and those of lists that it is in, for the members whom only AWS knows. */
  #groupsAround(root: AccessListId): void {
    const { before, after } = this.#step
    for (const { view } of [before, after]) {
      const reached = new Set([root])
      for (const id of reached) {
        this.lists.add(id)
        for (const parent of view.parentsOf.get(id) ?? []) reached.add(parent)
      }
    }
  }
}

type Only = (user: UserId) => boolean

/** Nobody in the list sees a difference, unless a deny of his own hits what it gives. */
const isSameToAll = (was: ListSide | undefined, is: ListSide | undefined): boolean =>
  was?.isWanted === is?.isWanted &&
  isSame([...(was?.denied ?? [])], [...(is?.denied ?? [])]) &&
  isSame([...(was?.unexpanded ?? [])], [...(is?.unexpanded ?? [])])

/** Records come from JSON and go to JSON; an order that differs only makes for more work. */
const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)
