import type { Membership } from '../access-lists/memberships.ts'
import { differencesOf } from '../kernel/differences.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId, UserId } from '../kernel/names.ts'
import { type GroupKey, groupKey } from '../organizations/link.ts'
import { computeDesiredState, type DesiredState } from './compute-desired-state.ts'
import { type DesiredGroup, desiredForGroup, desiredForUser, type DesiredUser } from './desired-for.ts'
import type { RecordChanges } from './record-index.ts'
import { ReverseIndex } from './reverse-index.ts'
import { type Stand, type Touched, touchedBy } from './touched.ts'
import { changesOfRecords, type OrganizationView } from './view.ts'

/** What was wanted of somebody or something, and what is. */
export interface Was<T> {
  readonly was: T | undefined
  readonly is: T | undefined
}

/** The principals that were computed again, and the records behind it. */
export interface DesiredChanges {
  readonly records: RecordChanges
  readonly users: ReadonlyMap<UserId, Was<DesiredUser>>
  readonly groups: ReadonlyMap<GroupKey, Was<DesiredGroup>>
}

/** The desired state after a step; without `changes` it was computed in full. */
export interface TrackedState {
  readonly desired: DesiredState
  readonly changes: DesiredChanges | undefined
}

export interface DesiredStateTracker {
  /** What it gave before is brought up to date, not copied: only the latest is true. */
  advance(view: OrganizationView, now: Instant): TrackedState
}

interface Kept extends Stand {
  readonly desired: {
    readonly users: Map<UserId, DesiredUser>
    readonly groups: Map<GroupKey, DesiredGroup>
    readonly membersOf: Map<GroupKey, Map<UserId, Membership>>
  }
  readonly index: ReverseIndex
  readonly denying: Set<UserId>
  readonly withholding: Set<UserId>
}

/**
 * Follows the desired state from view to view: computes again only what a change touches. Whatever it can't follow
 * (another organization or catalogue, a clock that went back) it computes in full, as at first.
 */
export function createDesiredStateTracker(): DesiredStateTracker {
  let kept: Kept | undefined
  return {
    advance(view, now) {
      const step = kept && follow(kept, { view, now })
      if (!kept || !step) {
        kept = start({ view, now })
        return { desired: stateOf(kept), changes: undefined }
      }
      kept = { ...kept, view, now }
      const changes = recompute(kept, step.touched)
      return { desired: stateOf(kept), changes: { ...changes, records: step.records } }
    },
  }
}

const stateOf = ({ desired, index }: Kept): DesiredState => ({ ...desired, nextChangeAt: index.timeline.next() })

function start(stand: Stand): Kept {
  const { users, groups, membersOf } = computeDesiredState(stand.view, stand.now)
  const index = new ReverseIndex(stand.view)
  index.timeline.takeUntil(stand.now)
  const members = new Map([...membersOf].map(([group, of]) => [group, new Map(of)]))
  const denying = new Set([...users].flatMap(([id, { hasDenies }]) => (hasDenies ? [id] : [])))
  const withholding = new Set([...users].flatMap(([id, { withheld }]) => (withheld.length > 0 ? [id] : [])))
  const desired = { users: new Map(users), groups: new Map(groups), membersOf: members }
  return { ...stand, desired, index, denying, withholding }
}

function follow(
  { desired, index, denying, withholding, ...before }: Kept,
  after: Stand,
): { touched: Touched; records: RecordChanges } | undefined {
  const { view } = before
  const changes = changesOfRecords(view, after.view)
  if (!changes || after.now < before.now) return undefined
  if (view.organization !== after.view.organization || view.catalogue !== after.view.catalogue) return undefined
  const locks = differencesOf(view.locks, after.view.locks)
  index.update(changes, locks)
  const moments = index.timeline.takeUntil(after.now)
  const touched = touchedBy({
    before,
    after,
    changes,
    locks,
    moments,
    index,
    desiredBefore: desired.users,
    denying,
    withholding,
  })
  return { touched, records: changes }
}

function recompute(
  { view, now, desired, denying, withholding }: Kept,
  touched: Touched,
): Omit<DesiredChanges, 'records'> {
  const users = new Map<UserId, Was<DesiredUser>>()
  for (const id of touched.users) {
    const user = view.userById.get(id)
    const was = desired.users.get(id)
    const is = user && desiredForUser(user, view, now)
    if (is) desired.users.set(id, is)
    else desired.users.delete(id)
    mark(denying, id, is?.hasDenies ?? false)
    mark(withholding, id, (is?.withheld.length ?? 0) > 0)
    place(desired.membersOf, id, { was, is })
    users.set(id, { was, is })
  }
  const groups = new Map<GroupKey, Was<DesiredGroup>>()
  for (const list of touched.lists)
    for (const [group, is] of groupsOf(list, view, now)) {
      groups.set(group, { was: desired.groups.get(group), is })
      if (is) desired.groups.set(group, is)
      else desired.groups.delete(group)
    }
  return { users, groups }
}

function mark<T>(marked: Set<T>, value: T, isMarked: boolean): void {
  if (isMarked) marked.add(value)
  else marked.delete(value)
}

function groupsOf(
  id: AccessListId,
  view: OrganizationView,
  now: Instant,
): readonly (readonly [GroupKey, DesiredGroup | undefined])[] {
  const list = view.listById.get(id)
  return (['members', 'owners'] as const).map(
    (side) => [groupKey(id, side), list && desiredForGroup(list, side, view, now)] as const,
  )
}

function place(membersOf: Kept['desired']['membersOf'], user: UserId, { was, is }: Was<DesiredUser>): void {
  for (const group of was?.groups.keys() ?? []) {
    if (is?.groups.has(group)) continue
    const members = membersOf.get(group)
    members?.delete(user)
    if (members?.size === 0) membersOf.delete(group)
  }
  for (const [group, membership] of is?.groups ?? []) {
    // Who is in a hundred lists and comes into one more is written down in one.
    if (was?.groups.get(group) === membership) continue
    const members = membersOf.get(group)
    if (members) members.set(user, membership)
    else membersOf.set(group, new Map([[user, membership]]))
  }
}
