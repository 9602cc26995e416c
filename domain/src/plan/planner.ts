import type { DesiredState } from '../desired-state/compute-desired-state.ts'
import type { OrganizationView } from '../desired-state/view.ts'
import {
  type AwsGroupId,
  type AwsPrincipal,
  awsPrincipalKey,
  type AwsPrincipalKey,
  type AwsUserId,
  type GrantKey,
} from '../identity-center/account-assignment.ts'
import type { AccountId } from '../identity-center/account.ts'
import type { Instant } from '../kernel/instant.ts'
import type { UserId } from '../kernel/names.ts'
import type { DriftFinding } from './drift.ts'
import {
  isAssignmentKey,
  isMembershipKey,
  type Memory,
  parseAssignmentKey,
  parseMembershipKey,
  type Remembered,
} from './memory.ts'
import type { ObservedState } from './observed-state.ts'
import type { Operation, PrincipalRef, Thing, UserRef } from './operation.ts'

/** What to change so that AWS holds the desired state, and what can't be changed now, each with its reason. */
export interface Plan {
  readonly operations: readonly Operation[]
  readonly notes: readonly PlanNote[]
  readonly drift: readonly DriftFinding[]
}

/** Something a person should see: a conflict, an account that is skipped. */
export interface PlanNote {
  readonly kind: 'name-conflict' | 'account-skipped' | 'management-account' | 'not-read-yet' | 'not-followed'
  readonly about: string
  readonly message: string
}

export interface PlanInput {
  readonly view: OrganizationView
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

/** What AWS holds, by what is asked of it. */
export interface PlanIndex {
  /** In lower case, with how often there is each. */
  readonly userNames: ReadonlyMap<string, number>
  readonly groupNames: ReadonlyMap<string, number>
  readonly linkedUsers: ReadonlyMap<AwsUserId, UserId>
}

export interface Planner extends PlanInput, PlanIndex {
  readonly operations: Operation[]
  readonly notes: PlanNote[]
  readonly drift: DriftFinding[]
  /** Something was left alone that may have to be planned without anything else that changes. */
  isOpen: boolean
  /** Of `uncertain`, by principal and by group. */
  readonly uncertainGrants: ReadonlyMap<AwsPrincipalKey, readonly GrantKey[]>
  readonly uncertainMembers: ReadonlyMap<AwsGroupId, readonly AwsUserId[]>
}

export const createPlanner = (input: PlanInput, index: PlanIndex): Planner => ({
  ...input,
  ...index,
  operations: [],
  notes: [],
  drift: [],
  isOpen: false,
  ...uncertainByOwner(input.uncertain),
})

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

/** A principal goes after its assignments: AWS keeps those of one that is gone. Unread is not empty. */
export function mayHoldAssignments({ observed, uncertainGrants }: Planner, principal: AwsPrincipal): boolean {
  const key = awsPrincipalKey(principal)
  return observed.assignments.get(key)?.size !== 0 || uncertainGrants.has(key)
}

/** Somebody has taken away in AWS what is wanted and was there. */
export const wasRemoved = (remembered: Remembered | undefined): boolean =>
  remembered !== undefined && remembered.confirmed && !remembered.ending

export function refTo(
  { view, desired, observed }: Pick<PlanInput, 'view' | 'desired' | 'observed'>,
  user: UserId,
): UserRef {
  const link = view.userLinkByUser.get(user)
  const userName = desired.users.get(user)?.profile.userName ?? link?.pushed.userName ?? user
  return { user, userName, ...(link && observed.users.has(link.awsUser) ? { awsUser: link.awsUser } : {}) }
}

export function refToAws(planner: Pick<Planner, 'linkedUsers' | 'observed'>, awsUser: AwsUserId): UserRef {
  const user = planner.linkedUsers.get(awsUser)
  return {
    awsUser,
    userName: planner.observed.users.get(awsUser)?.userName ?? awsUser,
    ...(user === undefined ? {} : { user }),
  }
}

export const nameOf = (planner: Pick<Planner, 'linkedUsers' | 'observed'>, awsUser: AwsUserId): string =>
  refToAws(planner, awsUser).userName

export const describePrincipal = (ref: PrincipalRef): string =>
  ref.type === 'USER' ? ref.userName : `group ${ref.title}`
