import type { Subject } from '../audit/audit-event.ts'
import type { DesiredGroup } from '../desired-state/desired-for.ts'
import type { AwsUserId } from '../identity-center/account-assignment.ts'
import type { Instant } from '../kernel/instant.ts'
import type { UserId } from '../kernel/names.ts'
import type { GroupKey, GroupLink } from '../organizations/link.ts'
import { causeOfRemoval, subjectsOfUser } from './causes.ts'
import { membershipKey } from './memory.ts'
import type { ObservedGroup } from './observed-state.ts'
import type { GroupRef } from './operation.ts'
import { nameOf, type Planner, refTo, refToAws, wasRemoved } from './planner.ts'

/** Somebody in a group: by AWS's id as soon as AWS knows him. */
export type Who = `aws ${AwsUserId}` | `user ${UserId}`

export const whoIs = ({ view, observed }: Pick<Planner, 'view' | 'observed'>, user: UserId): Who => {
  const awsUser = view.userLinkByUser.get(user)?.awsUser
  return awsUser !== undefined && observed.users.has(awsUser) ? `aws ${awsUser}` : `user ${user}`
}

/** Everybody who is wanted in a group, is there, or may be there. */
export function everybodyAround(planner: Planner, group: GroupKey): ReadonlySet<Who> {
  const { view, desired, observed } = planner
  const everybody = new Set<Who>()
  const link = view.groupLinkByKey.get(group)
  const wanted = desired.groups.get(group)
  const present = link && observed.groups.get(link.awsGroup)
  if (!present) return everybody
  if (!wanted) {
    if (link.ending?.how === 'release') for (const awsUser of link.ending.removing) everybody.add(`aws ${awsUser}`)
    return everybody
  }
  for (const awsUser of wanted.awsOnly.keys()) everybody.add(`aws ${awsUser}`)
  for (const user of desired.membersOf.get(group)?.keys() ?? []) everybody.add(whoIs(planner, user))
  for (const awsUser of present.members) everybody.add(`aws ${awsUser}`)
  for (const awsUser of planner.uncertainMembers.get(link.awsGroup) ?? []) everybody.add(`aws ${awsUser}`)
  return everybody
}

export function planMemberOf(planner: Planner, key: GroupKey, who: Who): void {
  const { view, observed, desired } = planner
  const link = view.groupLinkByKey.get(key)
  const present = link && observed.groups.get(link.awsGroup)
  if (!present) return
  const wanted = desired.groups.get(key)
  const awsUser = who.startsWith('aws ') ? (who.slice(4) as AwsUserId) : undefined // what follows is the id
  if (!wanted) {
    if (awsUser !== undefined) planLastMember(planner, link, { present, awsUser })
    return
  }
  const group: GroupRef = { group: key, awsGroup: link.awsGroup, title: wanted.title }
  if (awsUser !== undefined) return planAwsMember(planner, { group, link, wanted, present }, awsUser)
  const user = who.slice(5) as UserId // what follows is the id
  const membership = desired.membersOf.get(key)?.get(user)
  if (!membership || whoIs(planner, user) !== who || !desired.users.get(user)?.profile.active) return
  planner.operations.push({ kind: 'add-member', group, member: refTo(planner, user), until: membership.until })
}

interface InGroup {
  readonly group: GroupRef
  readonly link: GroupLink
  readonly wanted: DesiredGroup
  readonly present: ObservedGroup
}

function planAwsMember(planner: Planner, { group, link, wanted, present }: InGroup, awsUser: AwsUserId): void {
  const { observed, drift, operations } = planner
  const { driftPolicy } = planner.view.organization
  const expected = expectedIn(planner, wanted, awsUser)
  const isUncertain = planner.uncertainMembers.get(link.awsGroup)?.includes(awsUser) ?? false
  const remembered = planner.memory.members.get(membershipKey(link.awsGroup, awsUser))
  if (expected) {
    if (!observed.users.has(awsUser) || (present.members.has(awsUser) && !isUncertain)) return
    const operation = { kind: 'add-member', group, member: refToAws(planner, awsUser), until: expected.until } as const
    const wasTakenOut = wasRemoved(remembered) && !isUncertain
    if (!wasTakenOut || driftPolicy['member-removed'] === 'revert') return void operations.push(operation)
    const message = `${nameOf(planner, awsUser)} was taken out of group ${wanted.title} in AWS.`
    drift.push({ kind: 'member-removed', message, operation })
    return
  }
  if (!present.members.has(awsUser) && !isUncertain) return
  if (!remembered && !link.contentsAdopted) return // what was there before the link is adopted first
  const cause = causeOfRemoval(planner, remembered, () => subjectsOfMember(planner, link, awsUser))
  const operation = { kind: 'remove-member', group, member: refToAws(planner, awsUser), cause } as const
  if (cause.kind !== 'foreign' || driftPolicy['member-added'] === 'revert') return void operations.push(operation)
  const message = `${nameOf(planner, awsUser)} was put into group ${wanted.title} in AWS.`
  drift.push({ kind: 'member-added', message, operation })
}

function* subjectsOfMember(planner: Planner, { list }: GroupLink, awsUser: AwsUserId): Generator<Subject> {
  yield `list:${list}`
  yield* subjectsOfUser(planner, planner.linkedUsers.get(awsUser))
}

function expectedIn(
  planner: Planner,
  { group, awsOnly }: DesiredGroup,
  awsUser: AwsUserId,
): { readonly until: Instant | undefined } | undefined {
  const user = planner.linkedUsers.get(awsUser)
  const membership = user === undefined ? undefined : planner.desired.membersOf.get(group)?.get(user)
  if (membership && planner.observed.users.has(awsUser)) return membership
  return awsOnly.has(awsUser) ? { until: awsOnly.get(awsUser) } : undefined
}

/** The list is gone and its group stays: whoever was a member only for a time is taken out. */
function planLastMember(
  planner: Planner,
  link: GroupLink,
  { present, awsUser }: { readonly present: ObservedGroup; readonly awsUser: AwsUserId },
): void {
  if (link.ending?.how !== 'release' || !link.ending.removing.includes(awsUser) || !present.members.has(awsUser)) return
  planner.operations.push({
    kind: 'remove-member',
    group: { group: link.group, awsGroup: link.awsGroup, title: link.pushedTitle },
    member: refToAws(planner, awsUser),
    cause: { kind: 'decided', event: `list:${link.list}` },
  })
}
