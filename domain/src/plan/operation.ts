import type { Lease } from '../desired-state/desired-for.ts'
import type { AwsGroupId, AwsPrincipal, AwsUserId, GrantKey } from '../identity-center/account-assignment.ts'
import type { Instant } from '../kernel/instant.ts'
import type { UserId } from '../kernel/names.ts'
import type { GroupKey, GroupLink } from '../organizations/link.ts'
import type { UserProfile } from '../users/user.ts'
import { type AssignmentKey, assignmentKey, type MembershipKey, membershipKey } from './memory.ts'
import type { RemovalCause } from './removal-cause.ts'

/** Who an operation is about: ours, AWS's, or both. What AWS does not know yet is made first. */
export type UserRef = { readonly user?: UserId; readonly awsUser?: AwsUserId; readonly userName: string }
export type GroupRef = { readonly group: GroupKey; readonly awsGroup?: AwsGroupId; readonly title: string }
export type PrincipalRef = ({ readonly type: 'USER' } & UserRef) | ({ readonly type: 'GROUP' } & GroupRef)

/** One change to AWS, as data. */
export type Operation =
  | { readonly kind: 'create-user'; readonly user: UserId; readonly profile: UserProfile }
  | {
      readonly kind: 'update-user'
      readonly user: UserId
      readonly awsUser: AwsUserId
      readonly userName: string
      readonly changes: Partial<UserProfile>
      readonly profile: UserProfile
    }
  | {
      readonly kind: 'delete-user'
      readonly user: UserId
      readonly awsUser: AwsUserId
      readonly userName: string
      readonly cause: RemovalCause
    }
  | {
      readonly kind: 'create-group'
      readonly group: GroupKey
      readonly title: string
      /** Of the link to the group that was there before, whose name this one gets. */
      readonly adoptedUnder?: string
      /** The group that was there before, for which this one stands. */
      readonly replaces?: Pick<GroupLink, 'awsGroup' | 'origin'>
    }
  | {
      readonly kind: 'rename-group'
      readonly group: GroupKey
      readonly awsGroup: AwsGroupId
      readonly title: string
      readonly from: string
    }
  | {
      readonly kind: 'delete-group'
      readonly group: GroupKey
      readonly awsGroup: AwsGroupId
      readonly title: string
      /** Not before AWS, asked at that moment, shows no assignment of it and nobody in it whom somebody else put there. */
      readonly onlyIfOurs?: true
      readonly cause: RemovalCause
    }
  | {
      readonly kind: 'add-member'
      readonly group: GroupRef
      readonly member: UserRef
      readonly until: Instant | undefined
    }
  | { readonly kind: 'remove-member'; readonly group: GroupRef; readonly member: UserRef; readonly cause: RemovalCause }
  | {
      readonly kind: 'create-assignment'
      readonly principal: PrincipalRef
      readonly grant: GrantKey
      readonly leases: readonly Lease[]
      readonly lane: Lane
    }
  | {
      readonly kind: 'delete-assignment'
      readonly principal: PrincipalRef
      readonly grant: GrantKey
      readonly cause: RemovalCause
      readonly lane: Lane
    }

/** The order in which quota is spent. */
export type Lane = 'revoke' | 'just-in-time' | 'repair' | 'bulk'
export const LANES: readonly Lane[] = ['revoke', 'just-in-time', 'repair', 'bulk']

/** What the budget counts by. */
export type RemovalKind = 'assignment' | 'member' | 'group' | 'user'

export const principalKey = (principal: PrincipalRef): string =>
  principal.type === 'USER' ? `user:${whoKey(principal)}` : `group:${principal.group}`

const whoKey = ({ user, awsUser }: UserRef): string => user ?? awsUser ?? ''

export const renameOperationKey = (group: GroupKey, title: string): string => `rename-group ${group} ${title}`
export const memberOperationKey = (kind: 'add-member' | 'remove-member', group: GroupKey, who: string): string =>
  `${kind} ${group} ${who}`
export const assignmentOperationKey = (
  kind: 'create-assignment' | 'delete-assignment',
  principal: string,
  grant: GrantKey,
): string => `${kind} ${principal} ${grant}`

/** Stable name of an operation: equal for the same change in two rounds. */
export function operationKey(operation: Operation): string {
  switch (operation.kind) {
    case 'create-user':
    case 'delete-user':
      return `${operation.kind} ${operation.user}`
    case 'update-user':
      return `${operation.kind} ${operation.user} ${Object.entries(operation.changes)
        .map(([key, value]) => `${key}=${String(value)}`)
        .toSorted()
        .join(' ')}`
    case 'create-group':
    case 'delete-group':
      return `${operation.kind} ${operation.group}`
    case 'rename-group':
      return renameOperationKey(operation.group, operation.title)
    case 'add-member':
    case 'remove-member':
      return memberOperationKey(operation.kind, operation.group.group, whoKey(operation.member))
    case 'create-assignment':
    case 'delete-assignment':
      return assignmentOperationKey(operation.kind, principalKey(operation.principal), operation.grant)
  }
}

/** Says whether a key is one of an operation. */
export const isOperationKey = (key: string): boolean => /^(?:add|create|delete|remove|rename|update)-\w+ /.test(key)

export function removalOf(operation: Operation): { kind: RemovalKind; cause: RemovalCause } | undefined {
  switch (operation.kind) {
    case 'delete-assignment':
      return { kind: 'assignment', cause: operation.cause }
    case 'remove-member':
      return { kind: 'member', cause: operation.cause }
    case 'delete-group':
      return { kind: 'group', cause: operation.cause }
    case 'delete-user':
      return { kind: 'user', cause: operation.cause }
    case 'create-user':
    case 'update-user':
    case 'create-group':
    case 'rename-group':
    case 'add-member':
    case 'create-assignment':
      return undefined
  }
}

/** Says whether everything an operation names exists in AWS; otherwise it waits for the operation that makes it. */
export function isReady(operation: Operation): boolean {
  switch (operation.kind) {
    case 'add-member':
    case 'remove-member':
      return operation.group.awsGroup !== undefined && operation.member.awsUser !== undefined
    case 'create-assignment':
    case 'delete-assignment':
      return awsPrincipalOf(operation.principal) !== undefined
    case 'create-user':
    case 'update-user':
    case 'delete-user':
    case 'create-group':
    case 'rename-group':
    case 'delete-group':
      return true
  }
}

/** What an operation changes in AWS, by AWS's ids; nothing before AWS has given them. */
export type Thing = AssignmentKey | MembershipKey | `user ${AwsUserId}` | `group ${AwsGroupId}`

export function thingsOf(operation: Operation): readonly Thing[] {
  switch (operation.kind) {
    case 'add-member':
    case 'remove-member': {
      const { group, member } = operation
      return group.awsGroup === undefined || member.awsUser === undefined
        ? []
        : [membershipKey(group.awsGroup, member.awsUser)]
    }
    case 'create-assignment':
    case 'delete-assignment': {
      const principal = awsPrincipalOf(operation.principal)
      return principal ? [assignmentKey(principal, operation.grant)] : []
    }
    case 'update-user':
    case 'delete-user':
      return [`user ${operation.awsUser}`]
    case 'rename-group':
    case 'delete-group':
      return [`group ${operation.awsGroup}`]
    case 'create-user':
    case 'create-group':
      return []
  }
}

/** The principal by AWS's id, once it has one. */
export function awsPrincipalOf(principal: PrincipalRef): AwsPrincipal | undefined {
  if (principal.type === 'USER')
    return principal.awsUser === undefined ? undefined : { type: 'USER', id: principal.awsUser }
  return principal.awsGroup === undefined ? undefined : { type: 'GROUP', id: principal.awsGroup }
}
