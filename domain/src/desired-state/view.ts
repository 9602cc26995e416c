import type { AccessList, Member } from '../access-lists/access-list.ts'
import type { AccessRequest } from '../access-requests/access-request.ts'
import { type GrantKey, grantKey } from '../identity-center/account-assignment.ts'
import type { Catalogue } from '../identity-center/catalogue.ts'
import { resolveSystemRole, type SystemRole } from '../identity-center/system-roles.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId, RoleName, UserId } from '../kernel/names.ts'
import { matches } from '../kernel/pattern.ts'
import { isLockInForce, type Lock, lockTargetKey, type LockTarget } from '../locks/lock.ts'
import type { AdoptedAssignment, GroupKey, GroupLink, UserLink } from '../organizations/link.ts'
import type { Organization } from '../organizations/organization.ts'
import type { AccountAssignmentPattern, Grant, Role, RoleReference } from '../roles/role.ts'
import type { ServiceProvider } from '../saml/service-provider.ts'
import type { User } from '../users/user.ts'

/** All governance records of one organization at one instant, and the catalogue they are read against. */
export interface Snapshot {
  readonly organization: Organization
  readonly users: readonly User[]
  readonly roles: readonly Role[]
  readonly lists: readonly AccessList[]
  /** At least every approved request whose access has not ended. */
  readonly requests: readonly AccessRequest[]
  readonly locks: readonly Lock[]
  readonly serviceProviders: readonly ServiceProvider[]
  readonly adopted: readonly AdoptedAssignment[]
  readonly userLinks: readonly UserLink[]
  readonly groupLinks: readonly GroupLink[]
  readonly catalogue: Catalogue
  /** Position in the audit log: everything recorded up to it is in here. */
  readonly auditSeq: number
}

/** A snapshot with its indexes. Rules take this; only `createView` makes it. */
export interface View extends Snapshot {
  readonly userById: ReadonlyMap<UserId, User>
  readonly listById: ReadonlyMap<AccessListId, AccessList>
  readonly requestsByUser: ReadonlyMap<UserId, readonly AccessRequest[]>
  readonly adoptedByUser: ReadonlyMap<UserId, readonly AdoptedAssignment[]>
  readonly userLinkByUser: ReadonlyMap<UserId, UserLink>
  readonly groupLinkByKey: ReadonlyMap<GroupKey, GroupLink>
  /** Lists of which this one is a member, and lists of which this one is an owner. */
  readonly parentsOf: ReadonlyMap<AccessListId, readonly AccessListId[]>
  readonly ownedThrough: ReadonlyMap<AccessListId, readonly AccessListId[]>
  /** The entries of lists that name a user, or another list; nobody looks through a list for somebody. */
  readonly entriesOfUser: ReadonlyMap<UserId, readonly Entry[]>
  readonly entriesOfList: ReadonlyMap<AccessListId, readonly Entry[]>
  readonly listsOwnedBy: ReadonlyMap<UserId, readonly AccessListId[]>
  resolveRole(reference: RoleReference): ResolvedRole
  /** Every account × permission set of the catalogue that the patterns match. */
  expand(patterns: readonly AccountAssignmentPattern[]): ReadonlySet<GrantKey>
  isLocked(target: LockTarget, now: Instant): boolean
}

/** Somebody or something in a list. */
export interface Entry {
  readonly list: AccessList
  readonly member: Member
}

export type ResolvedRole =
  | { readonly kind: 'stored'; readonly role: Role }
  | { readonly kind: 'system'; readonly role: SystemRole; readonly grant: Grant }
  /** The name means another permission set than when it was granted: gives nothing until it is confirmed. */
  | { readonly kind: 'repinned'; readonly role: SystemRole; readonly pinned: Grant }
  /** A system role whose account or permission set has vanished: its leases wait, and nothing is removed for it. */
  | { readonly kind: 'vanished'; readonly pinned: Grant }
  | { readonly kind: 'unknown'; readonly name: RoleName }

export function createView(snapshot: Snapshot): View {
  const { catalogue } = snapshot
  const roleByName = new Map(snapshot.roles.map((role) => [role.name, role]))
  const systemRoles = new Map<string, SystemRole | undefined>()
  const expansions = new WeakMap<readonly AccountAssignmentPattern[], ReadonlySet<GrantKey>>()
  const locks = new Map<string, Lock[]>()
  for (const lock of snapshot.locks) push(locks, lockTargetKey(lock.target), lock)

  const findSystemRole = (name: string): SystemRole | undefined => {
    if (!systemRoles.has(name)) systemRoles.set(name, resolveSystemRole(name, catalogue))
    return systemRoles.get(name)
  }

  const parentsOf = new Map<AccessListId, AccessListId[]>()
  const ownedThrough = new Map<AccessListId, AccessListId[]>()
  const entriesOfUser = new Map<UserId, Entry[]>()
  const entriesOfList = new Map<AccessListId, Entry[]>()
  const listsOwnedBy = new Map<UserId, AccessListId[]>()
  for (const list of snapshot.lists) {
    for (const member of list.members) {
      if (member.kind === 'user') push(entriesOfUser, member.user, { list, member })
      if (member.kind !== 'list') continue
      push(parentsOf, member.list, list.id)
      push(entriesOfList, member.list, { list, member })
    }
    for (const owner of list.owners) {
      if (owner.kind === 'list') push(ownedThrough, owner.list, list.id)
      else push(listsOwnedBy, owner.user, list.id)
    }
  }

  const userById = new Map(snapshot.users.map((user) => [user.id, user]))
  // A link may have been written after its user was deleted: AWS answered late.
  const userLinks = snapshot.userLinks.map((link) => (userById.has(link.user) ? link : { ...link, userDeleted: true }))
  const listById = new Map(snapshot.lists.map((list) => [list.id, list]))
  const groupLinks = snapshot.groupLinks.map((link) => (listById.has(link.list) ? takenBack(link) : link))

  return {
    ...snapshot,
    userLinks,
    groupLinks,
    userById,
    listById,
    requestsByUser: groupBy(snapshot.requests, (request) => request.user),
    adoptedByUser: groupBy(snapshot.adopted, (adopted) => adopted.user),
    userLinkByUser: new Map(userLinks.map((link) => [link.user, link])),
    groupLinkByKey: new Map(groupLinks.map((link) => [link.group, link])),
    parentsOf,
    ownedThrough,
    entriesOfUser,
    entriesOfList,
    listsOwnedBy,
    resolveRole(reference) {
      const stored = roleByName.get(reference.name)
      if (stored) return { kind: 'stored', role: stored }
      const role = findSystemRole(reference.name)
      if (!role) return reference.pinned ? resolvePinned(reference.pinned) : { kind: 'unknown', name: reference.name }
      const grant = { account: role.account.id, permissionSet: role.permissionSet.arn }
      const { pinned } = reference
      return pinned && grantKey(pinned) !== grantKey(grant)
        ? { kind: 'repinned', role, pinned }
        : { kind: 'system', role, grant }
    },
    expand(patterns) {
      const known = expansions.get(patterns)
      if (known) return known
      const expanded = expandPatterns(patterns, catalogue)
      expansions.set(patterns, expanded)
      return expanded
    },
    isLocked: (target, now) => (locks.get(lockTargetKey(target)) ?? []).some((lock) => isLockInForce(lock, now)),
  }

  /** The name no longer resolves, yet what it meant may still be there under another name. */
  function resolvePinned(pinned: Grant): ResolvedRole {
    const account = catalogue.accounts.get(pinned.account)
    const permissionSet = catalogue.permissionSets.get(pinned.permissionSet)
    if (!account || !permissionSet) return { kind: 'vanished', pinned }
    const role = resolveSystemRole(`${permissionSet.name}-on-${account.name}-${account.id}`, catalogue)
    return role ? { kind: 'system', role, grant: pinned } : { kind: 'vanished', pinned }
  }
}

/** A list that was removed and is back finds its group as others have left it: what is there is adopted first. */
function takenBack(link: GroupLink): GroupLink {
  if (link.ending?.how !== 'release') return link
  const { ending: _, ...rest } = link
  return { ...rest, contentsAdopted: false }
}

/** Only what the catalogue holds: no wildcard is ever sent to AWS. */
function expandPatterns(patterns: readonly AccountAssignmentPattern[], catalogue: Catalogue): ReadonlySet<GrantKey> {
  const found = new Set<GrantKey>()
  for (const { account, permissionSet } of patterns) {
    const accounts = [...catalogue.accounts.values()].filter(({ id }) => matches(account, id))
    if (accounts.length === 0) continue
    const sets = [...catalogue.permissionSets.values()].filter(({ arn }) => matches(permissionSet, arn))
    for (const { id } of accounts) for (const { arn } of sets) found.add(grantKey({ account: id, permissionSet: arn }))
  }
  return found
}

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
