import { type DesiredGroup, type DesiredUser, type Lease, leasesEnd } from '../desired-state/desired-for.ts'
import { type AwsPrincipal, awsPrincipalKey, type GrantKey, grantOfKey } from '../identity-center/account-assignment.ts'
import type { UserId } from '../kernel/names.ts'
import type { GroupKey, GroupLink, UserLink } from '../organizations/link.ts'
import { causeOfRemoval, type Subjects, subjectsOfList, subjectsOfUser } from './causes.ts'
import { assignmentKey, type Remembered } from './memory.ts'
import type { Lane, PrincipalRef } from './operation.ts'
import { isUndecided } from './removal-cause.ts'
import { describePrincipal, type Planner, refTo, wasRemoved } from './planner.ts'

export function planAssignmentsOfUser(planner: Planner, id: UserId): void {
  const { view, desired } = planner
  const wanted = desired.users.get(id)
  const link = view.userLinkByUser.get(id)
  if (wanted) planWantedUser(planner, wanted, link)
  if (!link?.userDeleted) return
  planPrincipal(planner, {
    ref: { type: 'USER', user: link.user, awsUser: link.awsUser, userName: link.pushed.userName },
    aws: { type: 'USER', id: link.awsUser },
    wanted: new Map(),
    waiting: [],
    adopted: link.assignmentsAdopted,
    subjects: () => [`user:${link.user}`],
  })
}

function planWantedUser(planner: Planner, wanted: DesiredUser, link: UserLink | undefined): void {
  const present = link && planner.observed.users.has(link.awsUser)
  if (!link && wanted.assignments.size > 0 && planner.userNames.has(wanted.profile.userName.toLowerCase())) return
  planPrincipal(planner, {
    ref: { type: 'USER', ...refTo(planner, wanted.user), ...(present ? { awsUser: link.awsUser } : {}) },
    aws: present ? { type: 'USER', id: link.awsUser } : undefined,
    wanted: wanted.assignments,
    waiting: wanted.waiting,
    adopted: link?.assignmentsAdopted ?? true,
    subjects: () => subjectsOfUser(planner, wanted.user),
  })
}

export function planAssignmentsOfGroup(planner: Planner, group: GroupKey): void {
  const wanted = planner.desired.groups.get(group)
  const link = planner.view.groupLinkByKey.get(group)
  if (wanted) return planWantedGroup(planner, wanted, link)
  if (!link || link.ending?.how === 'release') return
  planPrincipal(planner, {
    ref: { type: 'GROUP', group: link.group, title: link.pushedTitle, awsGroup: link.awsGroup },
    aws: { type: 'GROUP', id: link.awsGroup },
    wanted: new Map(),
    waiting: [],
    adopted: true,
    subjects: () => subjectsOfList(planner, link.group),
  })
}

function planWantedGroup(planner: Planner, wanted: DesiredGroup, link: GroupLink | undefined): void {
  const present = link && planner.observed.groups.has(link.awsGroup)
  if (!present && planner.groupNames.has(wanted.title.toLowerCase())) return
  planPrincipal(planner, {
    ref: { type: 'GROUP', group: wanted.group, title: wanted.title, ...(present ? { awsGroup: link.awsGroup } : {}) },
    aws: present ? { type: 'GROUP', id: link.awsGroup } : undefined,
    wanted: wanted.assignments,
    waiting: wanted.waiting,
    adopted: link?.contentsAdopted ?? true,
    subjects: () => subjectsOfList(planner, wanted.group),
  })
}

interface PrincipalPlan {
  readonly ref: PrincipalRef
  /** Absent while AWS has no such principal. */
  readonly aws: AwsPrincipal | undefined
  readonly wanted: ReadonlyMap<GrantKey, readonly Lease[]>
  readonly waiting: readonly GrantKey[]
  readonly adopted: boolean
  readonly subjects: Subjects
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
  const lane = laneOf(leases, remembered)
  const operation = { kind: 'create-assignment', principal, grant, leases, lane } as const
  if (wasRemoved(remembered) && planner.view.organization.driftPolicy['assignment-removed'] !== 'revert') {
    const message = `${describeAssignment(planner, operation)} was removed in AWS.`
    planner.drift.push({ kind: 'assignment-removed', message, operation })
    return
  }
  planner.operations.push(operation)
}

function laneOf(leases: readonly Lease[], remembered: Remembered | undefined): Lane {
  if (leases.some(({ cause }) => cause.kind === 'request')) return 'just-in-time'
  return wasRemoved(remembered) ? 'repair' : 'bulk'
}

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
  if (cause.kind === 'disappeared' && !isInside) {
    planner.isOpen = true // a decision or an end may be found for it, without anything else that changes
    return
  }
  const lane = isUndecided(cause) ? 'repair' : 'revoke'
  const operation = { kind: 'delete-assignment', principal: ref, grant, cause, lane } as const
  if (cause.kind === 'foreign' && planner.view.organization.driftPolicy['assignment-added'] !== 'revert') {
    const message = `${describeAssignment(planner, operation)} was added in AWS.`
    planner.drift.push({ kind: 'assignment-added', message, operation })
    return
  }
  planner.operations.push(operation)
}

/** `ReadOnlyAccess on prod for ana@acme.example` */
function describeAssignment(
  { view: { catalogue } }: Planner,
  { principal, grant }: { readonly principal: PrincipalRef; readonly grant: GrantKey },
): string {
  const { account, permissionSet } = grantOfKey(grant)
  const set = catalogue.permissionSets.get(permissionSet)?.name ?? permissionSet
  return `${set} on ${catalogue.accounts.get(account)?.name ?? account} for ${describePrincipal(principal)}`
}
