import type { AccessList, Member } from '../access-lists/access-list.ts'
import type { AccessRequest } from '../access-requests/access-request.ts'
import { type Differences, differencesOf } from '../kernel/differences.ts'
import type { AccessListId, RoleName, UserId } from '../kernel/names.ts'
import { VersionedMap } from '../kernel/versioned-map.ts'
import {
  type AdoptedAssignment,
  type GroupKey,
  groupKey,
  type GroupLink,
  type UserLink,
} from '../organizations/link.ts'
import type { Role } from '../roles/role.ts'
import type { User } from '../users/user.ts'
import type { GovernanceRecords, Snapshot } from './view.ts'

/** Where a member is named: the list by its id, so that a change of the list leaves the entries of its members. */
export interface Place {
  readonly list: AccessListId
  readonly member: Member
}

/** The records of a snapshot by what is asked of them. Nothing in here depends on what AWS holds. */
export interface RecordIndex {
  readonly userById: VersionedMap<UserId, User>
  readonly listById: VersionedMap<AccessListId, AccessList>
  readonly roleByName: ReadonlyMap<RoleName, Role>
  readonly requestsByUser: VersionedMap<UserId, readonly AccessRequest[]>
  readonly adoptedByUser: VersionedMap<UserId, readonly AdoptedAssignment[]>
  readonly userLinkByUser: VersionedMap<UserId, UserLink>
  readonly groupLinkByKey: VersionedMap<GroupKey, GroupLink>
  readonly parentsOf: VersionedMap<AccessListId, readonly AccessListId[]>
  readonly ownedThrough: VersionedMap<AccessListId, readonly AccessListId[]>
  readonly placesOfUser: VersionedMap<UserId, readonly Place[]>
  readonly placesOfList: VersionedMap<AccessListId, readonly Place[]>
  readonly listsOwnedBy: VersionedMap<UserId, readonly AccessListId[]>
  /** Links that do not say yet that their user is gone, or that their list is back: mostly none. */
  readonly lateUserLinks: ReadonlySet<UserId>
  readonly lateGroupLinks: ReadonlySet<GroupKey>
}

/** What differs between two snapshots, record by record. */
export interface RecordChanges {
  readonly users: Differences<User>
  readonly roles: Differences<Role>
  readonly lists: Differences<AccessList>
  readonly requests: Differences<AccessRequest>
  readonly adopted: Differences<AdoptedAssignment>
  readonly userLinks: Differences<UserLink>
  readonly groupLinks: Differences<GroupLink>
}

export const changesBetween = (before: Snapshot, after: Snapshot): RecordChanges => ({
  users: differencesOf(before.users, after.users),
  roles: differencesOf(before.roles, after.roles),
  lists: differencesOf(before.lists, after.lists),
  requests: differencesOf(before.requests, after.requests),
  adopted: differencesOf(before.adopted, after.adopted),
  userLinks: differencesOf(before.userLinks, after.userLinks),
  groupLinks: differencesOf(before.groupLinks, after.groupLinks),
})

// Several ways into a list may last equally long, and the first one counts: so the order of places is always the same.
const byList = (a: Place, b: Place): number => compare(a.list, b.list)
const byFiling = (a: AccessRequest, b: AccessRequest): number => a.createdAt - b.createdAt || compare(a.id, b.id)
const byGrant = (a: AdoptedAssignment, b: AdoptedAssignment): number => compare(a.grant, b.grant)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** What the records are to everybody, and what an organization's links are to it. */
type SharedIndex = Omit<
  RecordIndex,
  'adoptedByUser' | 'userLinkByUser' | 'groupLinkByKey' | 'lateUserLinks' | 'lateGroupLinks'
>

/** @param shared of another organization's snapshot of the same records */
export function createIndex(snapshot: Snapshot, shared: SharedIndex = indexRecords(snapshot)): RecordIndex {
  const { adopted, userLinks, groupLinks } = snapshot
  const { userById, listById } = shared
  return {
    ...shared,
    lateUserLinks: new Set(userLinks.filter((link) => isLateUser(link, userById)).map(({ user }) => user)),
    lateGroupLinks: new Set(groupLinks.filter((link) => isLateGroup(link, listById)).map(({ group }) => group)),
    adoptedByUser: new VersionedMap(groupBy(adopted.toSorted(byGrant), ({ user }) => user)),
    userLinkByUser: new VersionedMap(new Map(userLinks.map((link) => [link.user, link]))),
    groupLinkByKey: new VersionedMap(new Map(groupLinks.map((link) => [link.group, link]))),
  }
}

function indexRecords(snapshot: GovernanceRecords): SharedIndex {
  const placesOfUser = new Map<UserId, Place[]>()
  const placesOfList = new Map<AccessListId, Place[]>()
  const parentsOf = new Map<AccessListId, AccessListId[]>()
  const ownedThrough = new Map<AccessListId, AccessListId[]>()
  const listsOwnedBy = new Map<UserId, AccessListId[]>()
  for (const list of snapshot.lists.toSorted((a, b) => compare(a.id, b.id))) {
    for (const member of list.members) {
      if (member.kind === 'user') push(placesOfUser, member.user, { list: list.id, member })
      if (member.kind !== 'list') continue
      push(parentsOf, member.list, list.id)
      push(placesOfList, member.list, { list: list.id, member })
    }
    for (const owner of list.owners) {
      if (owner.kind === 'list') push(ownedThrough, owner.list, list.id)
      else push(listsOwnedBy, owner.user, list.id)
    }
  }
  const { users, lists, roles, requests } = snapshot
  return {
    userById: new VersionedMap(new Map(users.map((user) => [user.id, user]))),
    listById: new VersionedMap(new Map(lists.map((list) => [list.id, list]))),
    roleByName: rolesByName(roles),
    requestsByUser: new VersionedMap(groupBy(requests.toSorted(byFiling), (request) => request.user)),
    parentsOf: new VersionedMap(parentsOf),
    ownedThrough: new VersionedMap(ownedThrough),
    placesOfUser: new VersionedMap(placesOfUser),
    placesOfList: new VersionedMap(placesOfList),
    listsOwnedBy: new VersionedMap(listsOwnedBy),
  }
}

/** The index of the next snapshot, in the time that the changes take. @param shared as `createIndex` takes it */
export function deriveIndex(
  before: RecordIndex,
  snapshot: Snapshot,
  changes: RecordChanges,
  shared: SharedIndex = deriveShared(before, snapshot, changes),
): RecordIndex {
  const { users, lists, adopted, userLinks, groupLinks } = changes
  const { userById, listById } = shared
  const userLinkByUser = replace(before.userLinkByUser, userLinks, ({ user }) => user)
  const groupLinkByKey = replace(before.groupLinkByKey, groupLinks, ({ group }) => group)
  const isLateUserNow = (user: UserId): boolean => isLateUser(userLinkByUser.get(user), userById)
  const isLateGroupNow = (group: GroupKey): boolean => isLateGroup(groupLinkByKey.get(group), listById)
  return {
    ...shared,
    userLinkByUser,
    groupLinkByKey,
    lateUserLinks: marked(before.lateUserLinks, usersOf(users, userLinks), isLateUserNow),
    lateGroupLinks: marked(before.lateGroupLinks, groupsOf(lists, groupLinks), isLateGroupNow),
    adoptedByUser: rearrange(before.adoptedByUser, adopted, ({ user }) => user, byGrant),
  }
}

const deriveShared = (
  before: SharedIndex,
  snapshot: GovernanceRecords,
  { users, lists, roles, requests }: RecordChanges,
): SharedIndex => ({
  userById: replace(before.userById, users, ({ id }) => id),
  listById: replace(before.listById, lists, ({ id }) => id),
  roleByName: roles.gone.length + roles.come.length === 0 ? before.roleByName : rolesByName(snapshot.roles),
  requestsByUser: rearrange(before.requestsByUser, requests, ({ user }) => user, byFiling),
  ...deriveNesting(before, lists),
})

const isLateUser = (link: UserLink | undefined, users: ReadonlyMap<UserId, User>): boolean =>
  link !== undefined && !link.userDeleted && !users.has(link.user)

const isLateGroup = (link: GroupLink | undefined, lists: ReadonlyMap<AccessListId, AccessList>): boolean =>
  link?.ending?.how === 'release' && lists.has(link.list)

const usersOf = (users: Differences<User>, links: Differences<UserLink>): readonly UserId[] => [
  ...[...users.gone, ...users.come].map(({ id }) => id),
  ...[...links.gone, ...links.come].map(({ user }) => user),
]

const groupsOf = (lists: Differences<AccessList>, links: Differences<GroupLink>): readonly GroupKey[] => [
  ...[...lists.gone, ...lists.come].flatMap(({ id }) => [groupKey(id, 'members'), groupKey(id, 'owners')]),
  ...[...links.gone, ...links.come].map(({ group }) => group),
]

/** The same set while nothing is another. */
function marked<K>(before: ReadonlySet<K>, keys: readonly K[], isMarked: (key: K) => boolean): ReadonlySet<K> {
  if (keys.every((key) => before.has(key) === isMarked(key))) return before
  const after = new Set(before)
  for (const key of keys) {
    if (isMarked(key)) after.add(key)
    else after.delete(key)
  }
  return after
}

type Nesting = Pick<RecordIndex, 'parentsOf' | 'ownedThrough' | 'placesOfUser' | 'placesOfList' | 'listsOwnedBy'>

function deriveNesting(before: Nesting, { gone, come }: Differences<AccessList>): Nesting {
  const places = {
    user: new Rearrangement(before.placesOfUser, byList),
    list: new Rearrangement(before.placesOfList, byList),
    parents: new Rearrangement(before.parentsOf, compare),
    through: new Rearrangement(before.ownedThrough, compare),
    owned: new Rearrangement(before.listsOwnedBy, compare),
  }
  for (const { old, fresh } of pairedById(gone, come)) {
    const list = (old ?? fresh)?.id
    if (list === undefined) continue
    const members = differencesOf(old?.members ?? [], fresh?.members ?? [])
    for (const [does, of] of [
      ['remove', members.gone],
      ['add', members.come],
    ] as const)
      for (const member of of) {
        if (member.kind === 'user') places.user[does](member.user, { list, member })
        if (member.kind !== 'list') continue
        places.list[does](member.list, { list, member })
        places.parents[does](member.list, list)
      }
    for (const [does, of] of [
      ['remove', old?.owners ?? []],
      ['add', fresh?.owners ?? []],
    ] as const)
      for (const owner of of) {
        if (owner.kind === 'list') places.through[does](owner.list, list)
        else places.owned[does](owner.user, list)
      }
  }
  return {
    placesOfUser: places.user.done(),
    placesOfList: places.list.done(),
    parentsOf: places.parents.done(),
    ownedThrough: places.through.done(),
    listsOwnedBy: places.owned.done(),
  }
}

/** What a record was beside what it is; one of both is absent when it came or went. */
export function pairedById<T extends { readonly id: string }>(
  gone: readonly T[],
  come: readonly T[],
): readonly { readonly old: T | undefined; readonly fresh: T | undefined }[] {
  const fresh = new Map(come.map((record) => [record.id, record]))
  const old = new Map(gone.map((record) => [record.id, record]))
  return [...new Set([...old.keys(), ...fresh.keys()])].map((id) => ({ old: old.get(id), fresh: fresh.get(id) }))
}

function replace<K, V>(
  map: VersionedMap<K, V>,
  { gone, come }: Differences<V>,
  keyOf: (value: V) => K,
): VersionedMap<K, V> {
  const changes = new Map<K, V | undefined>()
  for (const value of gone) changes.set(keyOf(value), undefined)
  for (const value of come) changes.set(keyOf(value), value)
  return map.with(changes)
}

function rearrange<K, V>(
  map: VersionedMap<K, readonly V[]>,
  { gone, come }: Differences<V>,
  keyOf: (value: V) => K,
  order: (a: V, b: V) => number,
): VersionedMap<K, readonly V[]> {
  const changes = new Rearrangement(map, order)
  for (const value of gone) changes.remove(keyOf(value), value)
  for (const value of come) changes.add(keyOf(value), value)
  return changes.done()
}

/** Gathers what changes in a map of ordered lists; what has the same place in the order is the same. */
class Rearrangement<K, V> {
  readonly #map: VersionedMap<K, readonly V[]>
  readonly #order: (a: V, b: V) => number
  readonly #changed = new Map<K, V[]>()

  constructor(map: VersionedMap<K, readonly V[]>, order: (a: V, b: V) => number) {
    this.#map = map
    this.#order = order
  }

  remove(key: K, value: V): void {
    const values = this.#of(key)
    const at = values.findIndex((one) => this.#order(one, value) === 0)
    if (at >= 0) values.splice(at, 1)
  }

  add(key: K, value: V): void {
    const values = this.#of(key)
    const at = values.findIndex((one) => this.#order(one, value) > 0)
    values.splice(at < 0 ? values.length : at, 0, value)
  }

  done(): VersionedMap<K, readonly V[]> {
    return this.#map.with(
      new Map([...this.#changed].map(([key, values]) => [key, values.length > 0 ? values : undefined])),
    )
  }

  #of(key: K): V[] {
    const known = this.#changed.get(key)
    if (known) return known
    const values = [...(this.#map.get(key) ?? [])]
    this.#changed.set(key, values)
    return values
  }
}

const rolesByName = (roles: readonly Role[]): ReadonlyMap<RoleName, Role> =>
  new Map(roles.map((role) => [role.name, role]))

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key)
  if (values) values.push(value)
  else map.set(key, [value])
}

function groupBy<K, V>(values: readonly V[], keyOf: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>()
  for (const value of values) push(groups, keyOf(value), value)
  return groups
}
