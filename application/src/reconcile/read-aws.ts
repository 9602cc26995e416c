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
  type View,
} from '@gatehouse/domain'
import type { CallOptions, IdentityCenter } from '../ports/identity-center.ts'
import type { MutableMirror } from './engine-state.ts'

/** One whole look at AWS. A part that could not be read makes the whole reading fail. */
export interface Reading {
  readonly managementAccount: string | undefined
  readonly accounts: readonly Account[]
  readonly permissionSets: readonly PermissionSet[]
  readonly users: readonly ObservedUser[]
  readonly groups: readonly { id: AwsGroupId; displayName: string; externalId?: string }[]
  readonly members: ReadonlyMap<AwsGroupId, readonly AwsUserId[]>
  readonly assignments: ReadonlyMap<AwsPrincipalKey, ReadonlySet<GrantKey>>
}

/** Names never change and descriptions rarely do: each set is described again after an hour. */
const DESCRIPTION_LIFETIME = hours(1)
/** Calls of one kind that wait for each other's answers at once; the gate decides how fast they go out. */
const CONCURRENCY = 8

export interface Descriptions {
  readonly known: Map<PermissionSetArn, { readonly set: PermissionSet; readonly readAt: Instant }>
}

/**
 * Reads accounts, permission-set names, groups, members, and the assignments of managed groups and of users who are
 * known to hold direct ones or whose assignments are still to be adopted. Other users are visited one by one between sweeps.
 */
export async function readAws(
  identityCenter: IdentityCenter,
  input: { view: View; mirror: MutableMirror; descriptions: Descriptions; now: Instant },
  signal: AbortSignal,
): Promise<Reading> {
  const call: CallOptions = { lane: 'sweep', signal }
  const { view, mirror, descriptions, now } = input
  const { organization } = view
  const instance = await identityCenter.describeInstance(call)
  const [allAccounts, arns, users, allGroups] = await Promise.all([
    identityCenter.listAccounts(call),
    identityCenter.listPermissionSets(call),
    identityCenter.listUsers(call),
    identityCenter.listGroups(call),
  ])
  const permissionSets = await inParallel(arns, async (arn) => {
    const known = descriptions.known.get(arn)
    if (known && between(known.readAt, now) < DESCRIPTION_LIFETIME && between(known.readAt, now) >= 0) return known.set
    const set = await identityCenter.describePermissionSet(arn, call)
    descriptions.known.set(arn, { set, readAt: now })
    return set
  })
  const linked = new Set(view.groupLinks.map(({ awsGroup }) => awsGroup))
  const groups = allGroups.filter(
    (group) =>
      linked.has(group.id) || passesFilter(organization.groupFilter, { id: group.id, name: group.displayName }),
  )
  const members = new Map<AwsGroupId, readonly AwsUserId[]>()
  await inParallel(groups, async ({ id }) => members.set(id, await identityCenter.listGroupMembers(id, call)))
  const assignments = new Map<AwsPrincipalKey, ReadonlySet<GrantKey>>()
  await inParallel(
    principalsToRead(
      view,
      mirror,
      groups.map(({ id }) => id),
      users,
    ),
    async (principal) =>
      assignments.set(awsPrincipalKey(principal), await identityCenter.listAssignments(principal, call)),
  )
  return {
    managementAccount: instance.ownerAccount ?? allAccounts.find(({ isManagement }) => isManagement)?.id,
    accounts: allAccounts.filter(({ id, name }) => passesFilter(organization.accountFilter, { id, name })),
    permissionSets,
    users,
    groups: allGroups,
    members,
    assignments,
  }
}

function principalsToRead(
  view: View,
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

/** Runs a few at a time; the first failure fails all, after which no new one is begun. */
export async function inParallel<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index]
      if (item !== undefined) results[index] = await run(item)
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(CONCURRENCY, items.length) }, worker))
  } catch (error) {
    next = items.length
    throw error
  }
  return results
}
