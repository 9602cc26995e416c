import type { Subject } from '../audit/audit-event.ts'
import type { DesiredState } from '../desired-state/compute-desired-state.ts'
import { type DesiredUser, leasesEnd, type Lease } from '../desired-state/desired-for.ts'
import type { View } from '../desired-state/view.ts'
import {
  type AwsGroupId,
  type AwsPrincipal,
  awsPrincipalKey,
  type AwsPrincipalKey,
  type AwsUserId,
  type GrantKey,
  grantOfKey,
} from '../identity-center/account-assignment.ts'
import type { AccountId } from '../identity-center/account.ts'
import type { Instant } from '../kernel/instant.ts'
import type { UserId } from '../kernel/names.ts'
import { type GroupKey, type GroupLink, type UserLink } from '../organizations/link.ts'
import type { UserProfile } from '../users/user.ts'
import {
  assignmentKey,
  isAssignmentKey,
  isMembershipKey,
  type Memory,
  membershipKey,
  parseAssignmentKey,
  parseMembershipKey,
  type Remembered,
} from './memory.ts'
import type { ObservedGroup, ObservedState } from './observed-state.ts'
import type { GroupRef, Lane, Operation, PrincipalRef, Thing, UserRef } from './operation.ts'
import type { RemovalCause } from './removal-cause.ts'

/** What to change so that AWS holds the desired state, and what can't be changed now, each with its reason. */
export interface Plan {
  readonly operations: readonly Operation[]
  readonly notes: readonly PlanNote[]
}

/** Something a person should see: a conflict, an account that is skipped, drift that policy only reports. */
export interface PlanNote {
  readonly kind: 'name-conflict' | 'account-skipped' | 'drift-reported' | 'management-account' | 'not-read-yet'
  readonly about: string
  readonly message: string
}

export interface PlanInput {
  readonly view: View
  readonly desired: DesiredState
  readonly observed: ObservedState
  readonly memory: Memory
  /**
   * What a write was begun on whose outcome is not known: AWS may have it, or not, or change it yet. What is wanted there
   * is written again, and what is not wanted is taken away, whatever was observed.
   */
  readonly uncertain: ReadonlySet<Thing>
  /** Accounts whose existing assignments have become records of ours; in others nothing is removed as foreign. */
  readonly adoptedAccounts: ReadonlySet<AccountId>
  readonly now: Instant
}

/** Never touches what is not managed: principals without a link, accounts outside the filter. */
export function planChanges(input: PlanInput): Plan {
  const planner = createPlanner(input)
  planUsers(planner)
  planGroups(planner)
  for (const link of input.view.groupLinks) planMembers(planner, link)
  planAssignments(planner)
  return { operations: planner.operations, notes: planner.notes }
}

interface Planner extends PlanInput {
  readonly operations: Operation[]
  readonly notes: PlanNote[]
  readonly userNames: ReadonlySet<string>
  readonly groupNames: ReadonlySet<string>
  readonly linkedUsers: ReadonlyMap<AwsUserId, UserLink>
  /** Of `uncertain`, by principal and by group. */
  readonly uncertainGrants: ReadonlyMap<AwsPrincipalKey, readonly GrantKey[]>
  readonly uncertainMembers: ReadonlyMap<AwsGroupId, readonly AwsUserId[]>
}

function createPlanner(input: PlanInput): Planner {
  return {
    ...input,
    operations: [],
    notes: [],
    userNames: new Set([...input.observed.users.values()].map(({ userName }) => userName.toLowerCase())),
    groupNames: new Set([...input.observed.groups.values()].map(({ displayName }) => displayName.toLowerCase())),
    linkedUsers: new Map(input.view.userLinks.map((link) => [link.awsUser, link])),
    ...uncertainByOwner(input.uncertain),
  }
}

function uncertainByOwner(uncertain: PlanInput['uncertain']): Pick<Planner, 'uncertainGrants' | 'uncertainMembers'> {
  const uncertainGrants = new Map<AwsPrincipalKey, GrantKey[]>()
  const uncertainMembers = new Map<AwsGroupId, AwsUserId[]>()
  for (const thing of uncertain) {
    if (isAssignmentKey(thing)) {
      const { principal, grant } = parseAssignmentKey(thing)
      uncertainGrants.set(principal, [...(uncertainGrants.get(principal) ?? []), grant])
    } else if (isMembershipKey(thing)) {
      const { group, user } = parseMembershipKey(thing)
      uncertainMembers.set(group, [...(uncertainMembers.get(group) ?? []), user])
    }
  }
  return { uncertainGrants, uncertainMembers }
}

// Users

function planUsers(planner: Planner): void {
  const { view, desired } = planner
  if (!view.organization.hybrid) for (const wanted of desired.users.values()) planUser(planner, wanted)
  for (const link of view.userLinks) if (link.userDeleted) planDeletedUser(planner, link)
}

function planUser(planner: Planner, wanted: DesiredUser): void {
  const { view, observed, operations, notes, userNames } = planner
  const { user, profile } = wanted
  const link = view.userLinkByUser.get(user)
  const present = link && observed.users.get(link.awsUser)
  if (link && present) {
    const changes = planner.uncertain.has(`user ${link.awsUser}`) ? { ...profile } : changedFields(link.pushed, profile)
    // Somebody enabled in AWS whom we hold inactive; the reverse is not repaired: it would be a grant on a doubt.
    if (present.active === true && !profile.active) changes.active = false
    if (Object.keys(changes).length > 0) {
      operations.push({
        kind: 'update-user',
        user,
        awsUser: link.awsUser,
        userName: profile.userName,
        changes,
        profile,
      })
    }
    return
  }
  if (!profile.active) return // outside the filter, of another form or locked: not made only to be inactive
  if (userNames.has(profile.userName.toLowerCase())) {
    notes.push({
      kind: 'name-conflict',
      about: profile.userName,
      message: `Identity Center has a user "${profile.userName}" that is not linked. Nothing is written until "tctl plugins link" says it is the same person.`,
    })
    return
  }
  operations.push({ kind: 'create-user', user, profile })
}

function changedFields(
  pushed: UserProfile,
  profile: UserProfile,
): { -readonly [K in keyof UserProfile]?: UserProfile[K] } {
  return {
    ...(pushed.userName === profile.userName ? {} : { userName: profile.userName }),
    ...(pushed.givenName === profile.givenName ? {} : { givenName: profile.givenName }),
    ...(pushed.familyName === profile.familyName ? {} : { familyName: profile.familyName }),
    ...(pushed.displayName === profile.displayName ? {} : { displayName: profile.displayName }),
    ...(pushed.email === profile.email ? {} : { email: profile.email }),
    ...(pushed.active === profile.active ? {} : { active: profile.active }),
  }
}

/** A principal goes after its assignments: AWS keeps those of one that is gone. Unread is not empty. */
function mayHoldAssignments({ observed, uncertainGrants }: Planner, principal: AwsPrincipal): boolean {
  const key = awsPrincipalKey(principal)
  return observed.assignments.get(key)?.size !== 0 || uncertainGrants.has(key)
}

/** One that we created goes after its assignments; an adopted one is only made inactive. */
function planDeletedUser(planner: Planner, link: UserLink): void {
  const { view, observed, operations } = planner
  const present = observed.users.get(link.awsUser)
  if (!present || view.organization.hybrid) return
  const { awsUser, user } = link
  if (link.origin === 'adopted') {
    if (!link.pushed.active && present.active !== true) return
    operations.push({
      kind: 'update-user',
      user,
      awsUser,
      userName: present.userName,
      changes: { active: false },
      profile: { ...link.pushed, active: false },
    })
    return
  }
  if (mayHoldAssignments(planner, { type: 'USER', id: awsUser })) return
  operations.push({
    kind: 'delete-user',
    user,
    awsUser,
    userName: present.userName,
    cause: { kind: 'decided', event: `user:${user}` },
  })
}

// Groups

function planGroups(planner: Planner): void {
  const { view, desired, observed, operations, notes, groupNames } = planner
  const { driftPolicy } = view.organization
  for (const wanted of desired.groups.values()) {
    const link = view.groupLinkByKey.get(wanted.group)
    const present = link && observed.groups.get(link.awsGroup)
    if (link && present) {
      const renamedThere = present.displayName !== link.pushedTitle && driftPolicy['group-renamed'] === 'revert'
      const isDoubtful = planner.uncertain.has(`group ${link.awsGroup}`)
      if (wanted.title !== link.pushedTitle || isDoubtful || (renamedThere && present.displayName !== wanted.title)) {
        operations.push({
          kind: 'rename-group',
          group: wanted.group,
          awsGroup: link.awsGroup,
          title: wanted.title,
          from: present.displayName,
        })
      } else if (present.displayName !== link.pushedTitle) {
        notes.push({
          kind: 'drift-reported',
          about: wanted.title,
          message: `The group was renamed in AWS to "${present.displayName}".`,
        })
      }
      continue
    }
    if (link && driftPolicy['group-deleted'] !== 'revert') {
      notes.push({ kind: 'drift-reported', about: wanted.title, message: 'The group was deleted in AWS.' })
      continue
    }
    if (groupNames.has(wanted.title.toLowerCase())) {
      notes.push({
        kind: 'name-conflict',
        about: wanted.title,
        message: `Identity Center has a group "${wanted.title}" that is not linked. Nothing is written until "tctl plugins link" says it is this list's.`,
      })
      continue
    }
    operations.push({ kind: 'create-group', group: wanted.group, title: wanted.title })
  }
  for (const link of view.groupLinks) {
    if (desired.groups.has(link.group) || !observed.groups.has(link.awsGroup) || link.ending?.how === 'release')
      continue
    if (mayHoldAssignments(planner, { type: 'GROUP', id: link.awsGroup })) continue
    operations.push({
      kind: 'delete-group',
      group: link.group,
      awsGroup: link.awsGroup,
      title: link.pushedTitle,
      cause: { kind: 'decided', event: `list:${link.list}` },
    })
  }
}

// Members

function planMembers(planner: Planner, link: GroupLink): void {
  const { observed, desired } = planner
  const present = observed.groups.get(link.awsGroup)
  const wanted = desired.groups.get(link.group)
  if (!present) return
  if (!wanted) return planLastMembers(planner, link, present)
  const group: GroupRef = { group: link.group, awsGroup: link.awsGroup, title: wanted.title }
  const expected = new Map<AwsUserId, Instant | undefined>(wanted.awsOnly)
  for (const [user, membership] of desired.membersOf.get(link.group) ?? []) {
    const awsUser = planner.view.userLinkByUser.get(user)?.awsUser
    if (awsUser !== undefined && observed.users.has(awsUser)) expected.set(awsUser, membership.until)
    else if (desired.users.get(user)?.profile.active) {
      planner.operations.push({ kind: 'add-member', group, member: refTo(planner, user), until: membership.until })
    }
  }
  const { driftPolicy } = planner.view.organization
  const uncertain = new Set(planner.uncertainMembers.get(link.awsGroup))
  for (const [awsUser, until] of expected) {
    if (!observed.users.has(awsUser)) continue
    if (present.members.has(awsUser) && !uncertain.has(awsUser)) continue
    const remembered = planner.memory.members.get(membershipKey(link.awsGroup, awsUser))
    if (wasRemoved(remembered) && !uncertain.has(awsUser) && driftPolicy['member-removed'] !== 'revert') {
      planner.notes.push({
        kind: 'drift-reported',
        about: wanted.title,
        message: `Member ${nameOf(planner, awsUser)} was removed in AWS.`,
      })
      continue
    }
    planner.operations.push({ kind: 'add-member', group, member: refToAws(planner, awsUser), until })
  }
  for (const awsUser of new Set([...present.members, ...uncertain])) {
    if (expected.has(awsUser)) continue
    const remembered = planner.memory.members.get(membershipKey(link.awsGroup, awsUser))
    if (!remembered && !link.contentsAdopted) continue // what was there before the link is adopted first
    const cause = causeOfRemoval(planner, remembered, [
      `list:${link.list}`,
      ...subjectsOfUser(planner, planner.linkedUsers.get(awsUser)?.user),
    ])
    if (cause.kind === 'foreign' && driftPolicy['member-added'] !== 'revert') {
      planner.notes.push({
        kind: 'drift-reported',
        about: wanted.title,
        message: `Member ${nameOf(planner, awsUser)} was added in AWS.`,
      })
      continue
    }
    planner.operations.push({ kind: 'remove-member', group, member: refToAws(planner, awsUser), cause })
  }
}

/** The list is gone and its group stays: whoever was a member only for a time is taken out. */
function planLastMembers({ operations, ...planner }: Planner, link: GroupLink, present: ObservedGroup): void {
  if (link.ending?.how !== 'release') return
  const group: GroupRef = { group: link.group, awsGroup: link.awsGroup, title: link.pushedTitle }
  for (const awsUser of link.ending.removing) {
    if (!present.members.has(awsUser)) continue
    operations.push({
      kind: 'remove-member',
      group,
      member: refToAws(planner, awsUser),
      cause: { kind: 'decided', event: `list:${link.list}` },
    })
  }
}

// Assignments

function planAssignments(planner: Planner): void {
  const { view, desired } = planner
  for (const wanted of desired.users.values()) {
    const link = view.userLinkByUser.get(wanted.user)
    const present = link && planner.observed.users.has(link.awsUser)
    const ref: PrincipalRef = {
      type: 'USER',
      ...refTo(planner, wanted.user),
      ...(present ? { awsUser: link.awsUser } : {}),
    }
    if (!link && wanted.assignments.size > 0 && planner.userNames.has(wanted.profile.userName.toLowerCase())) continue
    planPrincipal(planner, {
      ref,
      aws: present ? { type: 'USER', id: link.awsUser } : undefined,
      wanted: wanted.assignments,
      waiting: wanted.waiting,
      adopted: link?.assignmentsAdopted ?? true,
      subjects: subjectsOfUser(planner, wanted.user),
    })
  }
  for (const link of view.userLinks) {
    if (!link.userDeleted) continue
    const ref: PrincipalRef = { type: 'USER', user: link.user, awsUser: link.awsUser, userName: link.pushed.userName }
    const subjects: Subject[] = [`user:${link.user}`]
    planPrincipal(planner, {
      ref,
      aws: { type: 'USER', id: link.awsUser },
      wanted: new Map(),
      waiting: [],
      adopted: link.assignmentsAdopted,
      subjects,
    })
  }
  for (const wanted of desired.groups.values()) {
    const link = view.groupLinkByKey.get(wanted.group)
    const present = link && planner.observed.groups.has(link.awsGroup)
    if (!present && planner.groupNames.has(wanted.title.toLowerCase())) continue
    planPrincipal(planner, {
      ref: { type: 'GROUP', group: wanted.group, title: wanted.title, ...(present ? { awsGroup: link.awsGroup } : {}) },
      aws: present ? { type: 'GROUP', id: link.awsGroup } : undefined,
      wanted: wanted.assignments,
      waiting: wanted.waiting,
      adopted: link?.contentsAdopted ?? true,
      subjects: subjectsOfList(planner, wanted.group),
    })
  }
  for (const link of view.groupLinks) {
    if (desired.groups.has(link.group) || link.ending?.how === 'release') continue
    const ref: PrincipalRef = { type: 'GROUP', group: link.group, title: link.pushedTitle, awsGroup: link.awsGroup }
    const subjects = subjectsOfList(planner, link.group)
    planPrincipal(planner, {
      ref,
      aws: { type: 'GROUP', id: link.awsGroup },
      wanted: new Map(),
      waiting: [],
      adopted: true,
      subjects,
    })
  }
}

interface PrincipalPlan {
  readonly ref: PrincipalRef
  /** Absent while AWS has no such principal. */
  readonly aws: AwsPrincipal | undefined
  readonly wanted: ReadonlyMap<GrantKey, readonly Lease[]>
  readonly waiting: readonly GrantKey[]
  readonly adopted: boolean
  readonly subjects: readonly Subject[]
}

function planPrincipal(planner: Planner, principal: PrincipalPlan): void {
  const { aws, ref, wanted } = principal
  if (!aws) {
    for (const [grant, leases] of wanted) planCreation(planner, ref, grant, leases, undefined)
    return
  }
  const held = planner.observed.assignments.get(awsPrincipalKey(aws))
  if (!held) {
    if (wanted.size > 0)
      planner.notes.push({
        kind: 'not-read-yet',
        about: describePrincipal(ref),
        message: 'Its assignments have not been read yet.',
      })
    return
  }
  const uncertain = new Set(planner.uncertainGrants.get(awsPrincipalKey(aws)))
  for (const [grant, leases] of wanted) {
    const remembered = planner.memory.assignments.get(assignmentKey(aws, grant))
    if (uncertain.has(grant)) planCreation(planner, ref, grant, leases, undefined)
    else if (!held.has(grant)) planCreation(planner, ref, grant, leases, remembered)
  }
  const waiting = new Set(principal.waiting)
  for (const grant of new Set([...held, ...uncertain])) {
    if (wanted.has(grant) || waiting.has(grant)) continue
    planDeletion(planner, principal, grant, planner.memory.assignments.get(assignmentKey(aws, grant)))
  }
}

function planCreation(
  planner: Planner,
  principal: PrincipalRef,
  grant: GrantKey,
  leases: readonly Lease[],
  remembered: Remembered | undefined,
): void {
  const account = planner.view.catalogue.accounts.get(grantOfKey(grant).account)
  if (!account) return
  if (account.state !== 'ACTIVE') {
    planner.notes.push({
      kind: 'account-skipped',
      about: account.id,
      message: `${account.name} is ${account.state}; nothing is changed there.`,
    })
    return
  }
  if (account.isManagement && leasesEnd(leases) !== undefined) {
    planner.notes.push({
      kind: 'management-account',
      about: account.id,
      message: `Access with an end is not given in the management account, because it could not be taken away there: ${describePrincipal(principal)}.`,
    })
    return
  }
  if (wasRemoved(remembered) && planner.view.organization.driftPolicy['assignment-removed'] !== 'revert') {
    planner.notes.push({
      kind: 'drift-reported',
      about: describePrincipal(principal),
      message: `An assignment on ${account.name} was removed in AWS.`,
    })
    return
  }
  planner.operations.push({ kind: 'create-assignment', principal, grant, leases, lane: laneOf(leases, remembered) })
}

function laneOf(leases: readonly Lease[], remembered: Remembered | undefined): Lane {
  if (leases.some(({ cause }) => cause.kind === 'request')) return 'just-in-time'
  return wasRemoved(remembered) ? 'repair' : 'bulk'
}

/** Somebody has taken away in AWS what is wanted and was there. */
const wasRemoved = (remembered: Remembered | undefined): boolean =>
  remembered !== undefined && remembered.confirmed && !remembered.ending

function planDeletion(
  planner: Planner,
  { ref, adopted, subjects }: PrincipalPlan,
  grant: GrantKey,
  remembered: Remembered | undefined,
): void {
  const { account: accountId, permissionSet } = grantOfKey(grant)
  const { accounts, permissionSets } = planner.view.catalogue
  const account = accounts.get(accountId)
  const hasEnd = remembered?.until !== undefined
  const isInside = account !== undefined && permissionSets.has(permissionSet)
  if (!isInside && !hasEnd) return // outside the filter or vanished: not managed
  if (!remembered && !(adopted && planner.adoptedAccounts.has(accountId))) return // what was there before us is adopted first
  if (account && account.state !== 'ACTIVE') {
    planner.notes.push({
      kind: 'account-skipped',
      about: account.id,
      message: `${account.name} is ${account.state}; nothing is changed there.`,
    })
    return
  }
  const cause = causeOfRemoval(planner, remembered, subjects)
  if (cause.kind === 'disappeared' && !isInside) return
  if (cause.kind === 'foreign' && planner.view.organization.driftPolicy['assignment-added'] !== 'revert') {
    planner.notes.push({
      kind: 'drift-reported',
      about: describePrincipal(ref),
      message: `An assignment on ${account?.name ?? accountId} was added in AWS.`,
    })
    return
  }
  const lane = cause.kind === 'foreign' || cause.kind === 'disappeared' ? 'repair' : 'revoke'
  planner.operations.push({ kind: 'delete-assignment', principal: ref, grant, cause, lane })
}

// Causes

/** An end that has come, or a recorded decision; without either nobody decided it. */
export function causeOfRemoval(
  { memory, now, view }: Pick<PlanInput, 'memory' | 'now' | 'view'>,
  remembered: Remembered | undefined,
  subjects: readonly Subject[],
): RemovalCause {
  if (!remembered) return { kind: 'foreign' }
  if (remembered.ending) return remembered.ending
  if (remembered.until !== undefined && remembered.until <= now) return { kind: 'expired', at: remembered.until }
  const candidates: Subject[] = [...remembered.subjects, ...subjects, `organization:${view.organization.id}`]
  const event = candidates.map((subject) => memory.decidedSince.get(subject)).find((uid) => uid !== undefined)
  return event === undefined ? { kind: 'disappeared' } : { kind: 'decided', event }
}

/** Records whose change can change what a user holds directly or which groups he is in. */
export function subjectsOfUser(
  { view, desired }: Pick<PlanInput, 'view' | 'desired'>,
  id: UserId | undefined,
): readonly Subject[] {
  if (id === undefined) return []
  const roles = view.userById.get(id)?.roles ?? []
  const groups = desired.users.get(id)?.groups ?? new Map<GroupKey, never>()
  const lists = [...groups.values()].flatMap(({ path }) => path)
  return [
    `user:${id}`,
    ...roles.map(({ name }): Subject => `role:${name}`),
    ...(view.requestsByUser.get(id) ?? []).map((request): Subject => `request:${request.id}`),
    ...lists.map((list): Subject => `list:${list}`),
    ...(view.listsNaming.get(id) ?? []).map((list): Subject => `list:${list}`),
  ]
}

/** Records whose change can change what a list's group holds. */
export function subjectsOfList({ view }: Pick<PlanInput, 'view'>, group: GroupKey): readonly Subject[] {
  const link = view.groupLinkByKey.get(group)
  const list = view.lists.find(({ id }) => id === link?.list)
  const references = list ? [...list.grants.roles, ...list.ownerGrants.roles] : []
  return [...(link ? [`list:${link.list}` as const] : []), ...references.map(({ name }): Subject => `role:${name}`)]
}

// Names

function refTo({ view, desired, observed }: Pick<PlanInput, 'view' | 'desired' | 'observed'>, user: UserId): UserRef {
  const link = view.userLinkByUser.get(user)
  const userName = desired.users.get(user)?.profile.userName ?? link?.pushed.userName ?? user
  return { user, userName, ...(link && observed.users.has(link.awsUser) ? { awsUser: link.awsUser } : {}) }
}

function refToAws(planner: Pick<Planner, 'linkedUsers' | 'observed'>, awsUser: AwsUserId): UserRef {
  const link = planner.linkedUsers.get(awsUser)
  return {
    awsUser,
    userName: planner.observed.users.get(awsUser)?.userName ?? awsUser,
    ...(link ? { user: link.user } : {}),
  }
}

const nameOf = (planner: Pick<Planner, 'linkedUsers' | 'observed'>, awsUser: AwsUserId): string =>
  refToAws(planner, awsUser).userName

const describePrincipal = (ref: PrincipalRef): string => (ref.type === 'USER' ? ref.userName : `group ${ref.title}`)
