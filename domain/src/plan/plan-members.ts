import type { AwsUserId } from '../identity-center/account-assignment.ts'
import type { Instant } from '../kernel/instant.ts'
import type { GroupLink } from '../organizations/link.ts'
import { causeOfRemoval, subjectsOfUser } from './causes.ts'
import { membershipKey } from './memory.ts'
import type { ObservedGroup } from './observed-state.ts'
import type { GroupRef } from './operation.ts'
import { nameOf, type Planner, refTo, refToAws, wasRemoved } from './planner.ts'

export function planMembers(planner: Planner, link: GroupLink): void {
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
