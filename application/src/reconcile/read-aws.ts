import {
  type Account,
  type AwsGroupId,
  type AwsPrincipal,
  type AwsPrincipalKey,
  awsPrincipalKey,
  type AwsUserId,
  between,
  type GrantKey,
  hours,
  type Instant,
  type ObservedUser,
  passesFilter,
  type PermissionSet,
  type PermissionSetArn,
  type PlanNote,
  selectorOf,
  type OrganizationView,
} from '@gatehouse/domain'
import type { CallOptions, IdentityCenter } from '../ports/identity-center.ts'
import type { MutableMirror } from './engine-state.ts'
import { candidatesOf, filterAccounts } from './filter-accounts.ts'
import { inParallel } from './in-parallel.ts'
import { type AccountFacts, createAccountFacts, readAccountFacts, selectorsOf } from './read-account-facts.ts'
import { counting, type ReportProgress } from './sweep-progress.ts'

/** One whole look at AWS. A part that could not be read makes the whole reading fail. */
export interface Reading {
  readonly managementAccount: string | undefined
  readonly accounts: readonly Account[]
  /** What the filter keeps out. */
  readonly outside: readonly Account[]
  readonly permissionSets: readonly PermissionSet[]
  readonly users: readonly ObservedUser[]
  readonly groups: readonly { id: AwsGroupId; displayName: string; externalId?: string }[]
  readonly members: ReadonlyMap<AwsGroupId, readonly AwsUserId[]>
  readonly assignments: ReadonlyMap<AwsPrincipalKey, ReadonlySet<GrantKey>>
  readonly notes: readonly PlanNote[]
}

/** Names never change and descriptions rarely do: each set is described again after an hour. */
const DESCRIPTION_LIFETIME = hours(1)

export interface Descriptions {
  readonly known: Map<PermissionSetArn, { readonly set: PermissionSet; readonly readAt: Instant }>
  readonly accounts: AccountFacts
  /** What the filter of accounts keeps out, as of the last look. */
  outside: readonly Account[]
}

export const createDescriptions = (): Descriptions => ({
  known: new Map(),
  accounts: createAccountFacts(),
  outside: [],
})

/**
 * Reads accounts, permission-set names, groups, members, and the assignments of managed groups and of users who are
 * known to hold direct ones or whose assignments are still to be adopted. Other users are visited one by one between sweeps.
 */
export async function readAws(
  identityCenter: IdentityCenter,
  input: {
    view: OrganizationView
    mirror: MutableMirror
    descriptions: Descriptions
    now: Instant
    report: ReportProgress
  },
  signal: AbortSignal,
): Promise<Reading> {
  const call: CallOptions = { lane: 'sweep', signal }
  input.report('listing', 0)
  const instance = await identityCenter.describeInstance(call)
  const [allAccounts, arns, users, allGroups] = await Promise.all([
    identityCenter.listAccounts(call),
    identityCenter.listPermissionSets(call),
    identityCenter.listUsers(call),
    identityCenter.listGroups(call),
  ])
  // Organizations has a quota of its own, so this takes no time from the rest.
  const [{ inside: accounts, outside, notes }, rest] = await Promise.all([
    readAccounts(identityCenter, { ...input, allAccounts }, call),
    readRest(identityCenter, { ...input, arns, users, allGroups }, call),
  ])
  return {
    managementAccount: instance.ownerAccount ?? allAccounts.find(({ isManagement }) => isManagement)?.id,
    accounts,
    outside,
    notes,
    users,
    groups: allGroups,
    ...rest,
  }
}

/** Tags and units are read of those that they may let in. */
async function readAccounts(
  identityCenter: IdentityCenter,
  input: {
    view: OrganizationView
    mirror: MutableMirror
    descriptions: Descriptions
    now: Instant
    allAccounts: readonly Account[]
  },
  call: CallOptions,
) {
  const { view, mirror, descriptions, now, allAccounts } = input
  const { accountFilter } = view.organization
  const known = mirror.catalogue.accounts
  const { candidates, outside } = candidatesOf(accountFilter, allAccounts)
  const selectors = [...selectorsOf(view), ...accountFilter.map(selectorOf)]
  const facts = { accounts: candidates, known, facts: descriptions.accounts, selectors, now }
  const read = await readAccountFacts(identityCenter, facts, call)
  const filtered = filterAccounts(accountFilter, read, known)
  descriptions.outside = [...outside, ...filtered.outside]
  if (filtered.failure) throw filtered.failure
  return { ...filtered, outside: descriptions.outside }
}

async function readRest(
  identityCenter: IdentityCenter,
  input: {
    view: OrganizationView
    mirror: MutableMirror
    descriptions: Descriptions
    now: Instant
    report: ReportProgress
    arns: readonly PermissionSetArn[]
    users: readonly ObservedUser[]
    allGroups: Reading['groups']
  },
  call: CallOptions,
): Promise<Pick<Reading, 'permissionSets' | 'members' | 'assignments'>> {
  const { view, mirror, descriptions, now, report, arns, users, allGroups } = input
  const describe = async (arn: PermissionSetArn): Promise<PermissionSet> => {
    const known = descriptions.known.get(arn)
    if (known && between(known.readAt, now) < DESCRIPTION_LIFETIME && between(known.readAt, now) >= 0) return known.set
    const set = await identityCenter.describePermissionSet(arn, call)
    descriptions.known.set(arn, { set, readAt: now })
    return set
  }
  const sets = { phase: 'permission-sets', total: arns.length } as const
  const permissionSets = await inParallel(arns, counting(report, sets, describe))
  const linked = new Set(view.groupLinks.map(({ awsGroup }) => awsGroup))
  const groups = allGroups.filter(
    (group) =>
      linked.has(group.id) || passesFilter(view.organization.groupFilter, { id: group.id, name: group.displayName }),
  )
  const members = new Map<AwsGroupId, readonly AwsUserId[]>()
  await inParallel(
    groups,
    counting(report, { phase: 'members', total: groups.length }, async ({ id }) =>
      members.set(id, await identityCenter.listGroupMembers(id, call)),
    ),
  )
  const assignments = new Map<AwsPrincipalKey, ReadonlySet<GrantKey>>()
  const ids = groups.map(({ id }) => id)
  const principals = principalsToRead(view, mirror, ids, users)
  await inParallel(
    principals,
    counting(report, { phase: 'assignments', total: principals.length }, async (principal) =>
      assignments.set(awsPrincipalKey(principal), await identityCenter.listAssignments(principal, call)),
    ),
  )
  return { permissionSets, members, assignments }
}

function principalsToRead(
  view: OrganizationView,
  mirror: MutableMirror,
  groups: readonly AwsGroupId[],
  users: readonly ObservedUser[],
): readonly AwsPrincipal[] {
  const toAdopt = new Set(view.userLinks.filter((link) => !link.assignmentsAdopted).map(({ awsUser }) => awsUser))
  const namesToLink =
    view.organization.mode === 'shadow' || view.organization.hybrid
      ? new Set(view.users.map(({ name }) => name.toLowerCase()))
      : new Set<string>()
  const holders = users.filter(({ id, userName }) => {
    const held = mirror.observed.assignments.get(awsPrincipalKey({ type: 'USER', id }))
    return (held?.size ?? 0) > 0 || toAdopt.has(id) || (held === undefined && namesToLink.has(userName.toLowerCase()))
  })
  return [
    ...groups.map((id): AwsPrincipal => ({ type: 'GROUP', id })),
    ...holders.map(({ id }): AwsPrincipal => ({ type: 'USER', id })),
  ]
}
