import {
  type AssignmentKey,
  assignmentKey,
  type AwsGroupId,
  type AwsUserId,
  type DesiredChanges,
  type DesiredGroup,
  type DesiredUser,
  type GroupKey,
  isAssignmentKey,
  isMembershipKey,
  type Linked,
  type MembershipKey,
  membershipKey,
  type PlanInput,
  type UserId,
} from '@gatehouse/domain'
import type { Changed } from './engine-state.ts'

/** What memory may hold otherwise than it is wanted: too many keys cost time, one too few is remembered wrongly. */
export interface Unremembered {
  readonly assignments: ReadonlySet<AssignmentKey>
  readonly members: ReadonlySet<MembershipKey>
}

interface Step {
  readonly input: PlanInput
  readonly linked: Linked
  readonly changes: DesiredChanges
  readonly changed: Changed
}

/** Adds what a step touched to what earlier ones did: what was wanted before, and what is wanted now. */
export function addUnremembered(before: Unremembered, { input, linked, changes, changed }: Step): Unremembered {
  const { view, desired } = input
  const { userLinks, groupLinks } = changes.records
  const assignments = new Set(before.assignments)
  const members = new Set(before.members)
  const awsUsersBefore = new Map(userLinks.gone.map(({ user, awsUser }) => [user, awsUser]))
  const awsGroupsBefore = new Map(groupLinks.gone.map(({ group, awsGroup }) => [group, awsGroup]))
  const awsUsersOf = (user: UserId): readonly AwsUserId[] =>
    [view.userLinkByUser.get(user)?.awsUser, awsUsersBefore.get(user)].filter((id) => id !== undefined)
  const awsGroupsOf = (group: GroupKey): readonly AwsGroupId[] =>
    [view.groupLinkByKey.get(group)?.awsGroup, awsGroupsBefore.get(group)].filter((id) => id !== undefined)

  for (const [user, { was, is }] of changes.users) for (const wanted of [was, is]) addUser(user, wanted)
  for (const { user } of [...userLinks.gone, ...userLinks.come]) addUser(user, desired.users.get(user))
  for (const [group, { was, is }] of changes.groups) for (const wanted of [was, is]) addGroup(group, wanted)
  for (const { group } of [...groupLinks.gone, ...groupLinks.come]) addWholeGroup(group)
  for (const thing of changed.things) {
    if (isAssignmentKey(thing)) assignments.add(thing)
    else if (isMembershipKey(thing)) members.add(thing)
    else if (thing.startsWith('user ')) addAwsUser(thing.slice(5) as AwsUserId) // what follows is the id
    else addAwsGroup(thing.slice(6) as AwsGroupId) // what follows is the id
  }
  return { assignments, members }

  function addUser(user: UserId, wanted: DesiredUser | undefined): void {
    for (const id of awsUsersOf(user))
      for (const grant of [...(wanted?.assignments.keys() ?? []), ...(wanted?.waiting ?? [])])
        assignments.add(assignmentKey({ type: 'USER', id }, grant))
    for (const group of wanted?.groups.keys() ?? []) addMember(group, user)
  }

  function addGroup(group: GroupKey, wanted: DesiredGroup | undefined): void {
    for (const id of awsGroupsOf(group)) {
      for (const grant of [...(wanted?.assignments.keys() ?? []), ...(wanted?.waiting ?? [])])
        assignments.add(assignmentKey({ type: 'GROUP', id }, grant))
      for (const awsUser of wanted?.awsOnly.keys() ?? []) members.add(membershipKey(id, awsUser))
    }
  }

  function addMember(group: GroupKey, user: UserId): void {
    for (const id of awsGroupsOf(group)) for (const awsUser of awsUsersOf(user)) members.add(membershipKey(id, awsUser))
  }

  function addWholeGroup(group: GroupKey): void {
    addGroup(group, desired.groups.get(group))
    for (const user of desired.membersOf.get(group)?.keys() ?? []) addMember(group, user)
  }

  function addAwsUser(awsUser: AwsUserId): void {
    const user = linked.linkedUsers.get(awsUser)
    if (user !== undefined) addUser(user, desired.users.get(user))
    for (const { group, awsOnly } of desired.groups.values())
      if (awsOnly.size > 0 && awsOnly.has(awsUser)) addGroup(group, desired.groups.get(group))
  }

  function addAwsGroup(awsGroup: AwsGroupId): void {
    const group = linked.linkedGroups.get(awsGroup)
    if (group) addWholeGroup(group)
  }
}
