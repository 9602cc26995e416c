import {
  type AwsGroupId,
  type AwsPrincipal,
  type AwsPrincipalKey,
  type AwsUserId,
  awsPrincipalKey,
  type GrantKey,
} from '../identity-center/account-assignment.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Subject } from '../audit/audit-event.ts'
import type { RemovalCause } from './removal-cause.ts'

/**
 * What earlier rounds wanted in AWS, or adopted there. It tells ours from foreign, and lets a removal name the decision
 * or the end behind it.
 */
export interface Memory {
  readonly assignments: ReadonlyMap<AssignmentKey, Remembered>
  readonly members: ReadonlyMap<MembershipKey, Remembered>
  /** The latest event on each subject that was recorded after the last finished round. */
  readonly decidedSince: ReadonlyMap<Subject, string>
}

export interface Remembered {
  /** AWS was seen to hold it since it was wanted: when it is missing, somebody has taken it away there. */
  readonly confirmed: boolean
  /** When the last lease ended or will end; absent without an end. */
  readonly until?: Instant
  /** Records whose change may end it. */
  readonly subjects: readonly Subject[]
  /** Set when it was first found unwanted, and kept until AWS has confirmed the removal. */
  readonly ending?: RemovalCause
}

/** `<USER|GROUP>:<id>|<account>|<permission set ARN>` */
export type AssignmentKey = `${AwsPrincipalKey}|${GrantKey}`
/** `<group id>|<user id>`, both AWS's */
export type MembershipKey = `${string}|${string}`

export const assignmentKey = (principal: AwsPrincipal, grant: GrantKey): AssignmentKey =>
  `${awsPrincipalKey(principal)}|${grant}`
export const membershipKey = (group: AwsGroupId, user: AwsUserId): MembershipKey => `${group}|${user}`

export const isAssignmentKey = (key: string): key is AssignmentKey => /^(USER|GROUP):[^|]*\|/.test(key)
export const isMembershipKey = (key: string): key is MembershipKey => key.includes('|') && !isAssignmentKey(key)

/** The inverse of `assignmentKey`; neither ids nor account numbers hold a bar. */
export function parseAssignmentKey(key: AssignmentKey): { principal: AwsPrincipalKey; grant: GrantKey } {
  const bar = key.indexOf('|')
  return { principal: key.slice(0, bar) as AwsPrincipalKey, grant: key.slice(bar + 1) as GrantKey }
}

/** The inverse of `membershipKey`. */
export function parseMembershipKey(key: MembershipKey): { group: AwsGroupId; user: AwsUserId } {
  const bar = key.indexOf('|')
  return { group: key.slice(0, bar) as AwsGroupId, user: key.slice(bar + 1) as AwsUserId }
}
