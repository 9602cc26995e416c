import type { AccessList, Member } from '../access-lists/access-list.ts'
import type { AccessRequest } from '../access-requests/access-request.ts'
import type { ApprovalRule } from '../approval-rules/approval-rule.ts'
import type { Bundle, BundleName } from '../bundles/bundle.ts'
import { type GrantKey, grantKey } from '../identity-center/account-assignment.ts'
import type { Catalogue } from '../identity-center/catalogue.ts'
import {
  resolveSystemRole,
  type SystemRole,
  systemRoleName,
  systemRolesFitting,
} from '../identity-center/system-roles.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId, RoleName, UserId } from '../kernel/names.ts'
import { SeenThrough } from '../kernel/versioned-map.ts'
import { isLockInForce, type Lock, lockTargetKey, type LockTarget } from '../locks/lock.ts'
import type { AdoptedAssignment, GroupKey, GroupLink, UserLink } from '../organizations/link.ts'
import { isElsewhere } from '../organizations/instance.ts'
import type { Organization } from '../organizations/organization.ts'
import type { AccountAssignmentPattern, Grant, Role, RoleReference } from '../roles/role.ts'
import type { ServiceProvider } from '../saml/service-provider.ts'
import type { User } from '../users/user.ts'
import { expandPatterns } from './expand-patterns.ts'
import {
  changesBetween,
  createIndex,
  deriveIndex,
  type Place,
  type RecordChanges,
  type RecordIndex,
} from './record-index.ts'

/** All governance records at one instant. */
export interface GovernanceRecords {
  readonly users: readonly User[]
  readonly roles: readonly Role[]
  readonly lists: readonly AccessList[]
  /** At least every approved request whose access has not ended. */
  readonly requests: readonly AccessRequest[]
  readonly locks: readonly Lock[]
  readonly serviceProviders: readonly ServiceProvider[]
  readonly bundles: readonly Bundle[]
  readonly approvalRules: readonly ApprovalRule[]
  /** Position in the audit log: everything recorded up to it is in here. */
  readonly auditSeq: number
}

/** The records, and what one organization's AWS is to them. */
export interface Snapshot extends GovernanceRecords {
  readonly organization: Organization
  readonly catalogue: Catalogue
  readonly adopted: readonly AdoptedAssignment[]
  readonly userLinks: readonly UserLink[]
  readonly groupLinks: readonly GroupLink[]
}

/**
 * What a view was made from, known to the view itself: a copy that somebody changes has none of it. Not a WeakMap, whose
 * values outlive their keys until the whole heap is swept, and these are arrays of a hundred thousand.
 */
const SOURCE = Symbol('source')

interface Source {
  readonly snapshot: Snapshot
  readonly index: RecordIndex
  /** How it came from another, if it did. */
  readonly step?: { readonly from: Snapshot; readonly changes: RecordChanges }
}

/**
 * The records with their indexes, read against the catalogues of all organizations. Rules take this, or the view of one
 * organization where the answer is of one; only `createView` and `joinViews` make it.
 */
export interface View extends GovernanceRecords {
  /** The same as each organization sees it. Never empty: before an enrolment it is one that has nothing in AWS. */
  readonly byOrganization: readonly OrganizationView[]
  readonly catalogue: Catalogue
  readonly userById: ReadonlyMap<UserId, User>
  readonly bundleByName: ReadonlyMap<BundleName, Bundle>
  readonly listById: ReadonlyMap<AccessListId, AccessList>
  readonly requestsByUser: ReadonlyMap<UserId, readonly AccessRequest[]>
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

/** A snapshot with its indexes. */
export interface OrganizationView extends View, Snapshot {
  readonly [SOURCE]?: Source
  readonly adoptedByUser: ReadonlyMap<UserId, readonly AdoptedAssignment[]>
  readonly userLinkByUser: ReadonlyMap<UserId, UserLink>
  readonly groupLinkByKey: ReadonlyMap<GroupKey, GroupLink>
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
  /** A system role of another organization than the one that is asked. */
  | { readonly kind: 'elsewhere'; readonly pinned: Grant }
  | { readonly kind: 'unknown'; readonly name: RoleName }

/** @param beside another organization's view: what it knows of the same records is not worked out again */
export function createView(snapshot: Snapshot, beside?: OrganizationView): OrganizationView {
  return viewOn({ snapshot, index: createIndex(snapshot, sharedBy(beside, snapshot)) })
}

/**
 * The view of the next snapshot, in the time that the differences take: records that were not changed have to be the
 * same objects. `before` stays as it is.
 */
export function deriveView(before: OrganizationView, snapshot: Snapshot, beside?: OrganizationView): OrganizationView {
  const known = before[SOURCE]
  if (!known) return createView(snapshot, beside)
  const changes = changesBetween(known.snapshot, snapshot)
  const index = deriveIndex(known.index, snapshot, changes, sharedBy(beside, snapshot))
  return viewOn({ snapshot, index, step: { from: known.snapshot, changes } })
}

function sharedBy(beside: OrganizationView | undefined, snapshot: Snapshot): RecordIndex | undefined {
  const known = beside?.[SOURCE]
  const isSame = (['users', 'lists', 'roles', 'requests'] as const).every(
    (key) => known?.snapshot[key] === snapshot[key],
  )
  return isSame ? known?.index : undefined
}

/** What differs between the records of two views; absent when one of them is somebody's changed copy. */
export function changesOfRecords(before: OrganizationView, after: OrganizationView): RecordChanges | undefined {
  const [old, fresh] = [before[SOURCE], after[SOURCE]]
  if (!old || !fresh) return undefined
  return fresh.step?.from === old.snapshot ? fresh.step.changes : changesBetween(old.snapshot, fresh.snapshot)
}

function viewOn(source: Source): OrganizationView {
  const { snapshot, index } = source
  const { catalogue } = snapshot
  const { placesOfUser, placesOfList, roleByName, lateUserLinks, lateGroupLinks, ...maps } = index
  const { userById, listById } = index
  const locks = new Map<string, Lock[]>()
  for (const lock of snapshot.locks)
    for (const target of targetsOf(lock, roleByName, catalogue)) push(locks, lockTargetKey(target), lock)

  const entriesAt = (places: readonly Place[]): readonly Entry[] =>
    places.flatMap(({ list: id, member }) => {
      const list = listById.get(id)
      return list ? [{ list, member }] : []
    })
  // A link may have been written after its user was deleted: AWS answered late.
  const settledUser = (link: UserLink): UserLink => (userById.has(link.user) ? link : { ...link, userDeleted: true })
  const settledGroup = (link: GroupLink): GroupLink => (listById.has(link.list) ? takenBack(link) : link)

  const view: OrganizationView = {
    ...snapshot,
    ...maps,
    get byOrganization() {
      return [view]
    },
    userLinks: lateUserLinks.size === 0 ? snapshot.userLinks : snapshot.userLinks.map(settledUser),
    groupLinks: lateGroupLinks.size === 0 ? snapshot.groupLinks : snapshot.groupLinks.map(settledGroup),
    bundleByName: new Map(snapshot.bundles.map((bundle) => [bundle.name, bundle])),
    userLinkByUser: new SeenThrough(index.userLinkByUser, settledUser),
    groupLinkByKey: new SeenThrough(index.groupLinkByKey, settledGroup),
    entriesOfUser: new SeenThrough(placesOfUser, entriesAt),
    entriesOfList: new SeenThrough(placesOfList, entriesAt),
    resolveRole(reference) {
      const stored = roleByName.get(reference.name)
      if (stored) return { kind: 'stored', role: stored }
      const { pinned } = reference
      // Also where the name means something here: the account may be moving.
      if (pinned && isElsewhere(pinned.permissionSet, snapshot.organization)) return { kind: 'elsewhere', pinned }
      // Without derived roles a name means nothing; what was granted before is pinned, and goes on.
      const isOffered = snapshot.organization.rolesSyncMode === 'ALL' || pinned !== undefined
      const role = isOffered ? resolveSystemRole(reference.name, catalogue) : undefined
      if (!role) return pinned ? resolvePinned(pinned) : { kind: 'unknown', name: reference.name }
      const grant = { account: role.account.id, permissionSet: role.permissionSet.arn }
      return pinned && grantKey(pinned) !== grantKey(grant)
        ? { kind: 'repinned', role, pinned }
        : { kind: 'system', role, grant }
    },
    expand: (patterns) => expandPatterns(patterns, catalogue),
    isLocked: (target, now) => (locks.get(lockTargetKey(target)) ?? []).some((lock) => isLockInForce(lock, now)),
  }
  // Not enumerable, so that no copy takes it along.
  return Object.defineProperty(view, SOURCE, { value: source })

  /** The name no longer resolves, yet what it meant may still be there under another name. */
  function resolvePinned(pinned: Grant): ResolvedRole {
    const account = catalogue.accounts.get(pinned.account)
    const permissionSet = catalogue.permissionSets.get(pinned.permissionSet)
    if (!account || !permissionSet) return { kind: 'vanished', pinned }
    const role = resolveSystemRole(systemRoleName(account, permissionSet), catalogue)
    return role ? { kind: 'system', role, grant: pinned } : { kind: 'vanished', pinned }
  }
}

/** A lock under an old name that may mean several system roles by now is on each of them: none of them is opened. */
function targetsOf(
  { target }: Lock,
  stored: { has(name: RoleName): boolean },
  catalogue: Catalogue,
): readonly LockTarget[] {
  if (target.kind !== 'role' || stored.has(target.role)) return [target]
  const others = systemRolesFitting(target.role, catalogue).filter(({ name }) => name !== target.role)
  return [target, ...others.map(({ name }) => ({ kind: 'role', role: name }) as const)]
}

/** A list that was removed and is back finds its group as others have left it: what is there is adopted first. */
function takenBack(link: GroupLink): GroupLink {
  if (link.ending?.how !== 'release') return link
  const { ending: _, ...rest } = link
  return { ...rest, contentsAdopted: false }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key)
  if (values) values.push(value)
  else map.set(key, [value])
}
