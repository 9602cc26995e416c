import type { DesiredState } from '../desired-state/compute-desired-state.ts'
import type { OrganizationView } from '../desired-state/view.ts'
import type { AwsGroupId, AwsUserId } from '../identity-center/account-assignment.ts'
import {
  type AssignmentKey,
  type Memory,
  type MembershipKey,
  parseAssignmentKey,
  parseMembershipKey,
  type Remembered,
} from '../plan/memory.ts'

/** Access in AWS that somebody still has to take away there, by its key. */
export interface UnfinishedRow {
  readonly key: AssignmentKey | MembershipKey
  readonly remembered: Remembered
}

export interface UnfinishedAccess {
  /** It would have no end once nobody looks after it. */
  readonly withEnd: readonly UnfinishedRow[]
  /** Wanted no longer, and AWS has not confirmed that it is gone; also where no round has come to it yet. */
  readonly leaving: readonly UnfinishedRow[]
}

/** What is remembered of AWS and can't be left alone as it is; a row is in one of the two. */
export function unfinishedAccess(
  view: OrganizationView,
  desired: DesiredState,
  { assignments, members }: Pick<Memory, 'assignments' | 'members'>,
): UnfinishedAccess {
  const wishes = createWishes(view, desired)
  const withEnd: UnfinishedRow[] = []
  const leaving: UnfinishedRow[] = []
  const sort = (row: UnfinishedRow, isWanted: boolean): void => {
    if (row.remembered.ending || !isWanted) leaving.push(row)
    else if (row.remembered.until !== undefined) withEnd.push(row)
  }
  for (const [key, remembered] of assignments) sort({ key, remembered }, wishes.hasAssignment(key))
  for (const [key, remembered] of members) sort({ key, remembered }, wishes.hasMember(key))
  return { withEnd, leaving }
}

function createWishes(view: OrganizationView, desired: DesiredState) {
  const users = new Map(
    view.userLinks.flatMap(({ awsUser, user, userDeleted }) => (userDeleted ? [] : [[awsUser, user]])),
  )
  const groups = new Map(view.groupLinks.map(({ awsGroup, group }) => [awsGroup, group]))
  const groupOf = (awsGroup: AwsGroupId) => {
    const group = groups.get(awsGroup)
    return group === undefined ? undefined : desired.groups.get(group)
  }
  const userOf = (awsUser: AwsUserId) => {
    const user = users.get(awsUser)
    return user === undefined ? undefined : desired.users.get(user)
  }
  return {
    hasAssignment(key: AssignmentKey): boolean {
      const { principal, grant } = parseAssignmentKey(key)
      const id = principal.slice(principal.indexOf(':') + 1)
      // What follows the type is AWS's id of one of that type.
      const holder = principal.startsWith('GROUP:') ? groupOf(id as AwsGroupId) : userOf(id as AwsUserId)
      return holder !== undefined && (holder.assignments.has(grant) || holder.waiting.includes(grant))
    },
    hasMember(key: MembershipKey): boolean {
      const { group: awsGroup, user: awsUser } = parseMembershipKey(key)
      const wanted = groupOf(awsGroup)
      const user = users.get(awsUser)
      const isMember = wanted && user !== undefined && desired.membersOf.get(wanted.group)?.has(user)
      return isMember === true || wanted?.awsOnly.has(awsUser) === true
    },
  }
}
