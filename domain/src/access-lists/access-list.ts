import type { AwsUserId } from '../identity-center/account-assignment.ts'
import { days, type Duration, type Instant } from '../kernel/instant.ts'
import type { AccessListId, Labels, RoleName, Traits, UserId, UserName } from '../kernel/names.ts'
import type { RoleReference } from '../roles/role.ts'

/** A group of people, reviewed by its owners, and what being in it grants. Becomes a group in Identity Center. */
export interface AccessList {
  readonly id: AccessListId
  /** Also the AWS group's name; unique ignoring case. */
  readonly title: string
  readonly description: string
  /** `''` is reviewed by its owners; `static` and `scim` are kept elsewhere. */
  readonly type: '' | 'static' | 'scim'
  readonly labels: Labels
  readonly owners: readonly Owner[]
  readonly members: readonly Member[]
  readonly membershipRequires: Requirements
  readonly ownershipRequires: Requirements
  readonly grants: ListGrants
  readonly ownerGrants: ListGrants
  readonly audit: ReviewSchedule
  /** Who has reviewed it since the last review was complete; empty unless more than one has to. */
  readonly signOffs: readonly SignOff[]
  /** Whom a review that is overdue goes to as well; absent: to nobody else. */
  readonly escalation?: Escalation
  /** What was said of the coming review so far; absent: nothing. */
  readonly reminded?: Reminded
  /** Of a list that another system keeps: whom the last review wants out of it there. */
  readonly askedRemovals?: readonly AskedRemoval[]
  readonly revision: number
}

export type Owner =
  | { readonly kind: 'user'; readonly user: UserId; readonly description: string }
  | { readonly kind: 'list'; readonly list: AccessListId; readonly description: string }

export type Member = (
  | { readonly kind: 'user'; readonly user: UserId }
  | { readonly kind: 'list'; readonly list: AccessListId }
  /** Somebody whom AWS knows and we don't: kept by AWS's id until an administrator links a user. */
  | { readonly kind: 'aws-only'; readonly awsUser: AwsUserId; readonly userName: string }
) & {
  readonly joined: Instant
  readonly expires?: Instant
  readonly reason: string
  /** A user name, or `system` for what adoption found. */
  readonly addedBy: string
}

/** What somebody must have to count; empty asks for nothing. */
export interface Requirements {
  readonly roles: readonly RoleName[]
  readonly traits: Traits
}

export interface ListGrants {
  readonly roles: readonly RoleReference[]
  readonly traits: Traits
}

export interface ReviewSchedule {
  readonly frequencyMonths: 1 | 3 | 6 | 12
  /** 31 means the last day of the month. */
  readonly dayOfMonth: 1 | 15 | 31
  /** Absent only where nobody reviews the list here. */
  readonly nextAuditDate?: Instant
  /** How long before that date the list is up for review. */
  readonly notifyBefore: Duration
  /** How long after that date the list gives nothing more until it is reviewed; absent: it goes on giving. */
  readonly suspendAfter?: Duration
  /** How many different people have to review it. */
  readonly requiredReviewers: number
}

/** One of several reviewers has been through the list. */
export interface SignOff {
  readonly user: UserId
  readonly at: Instant
}

/** So long after its date an unreviewed list is shown to these people, who may review it then. */
export interface Escalation {
  readonly after: Duration
  readonly to: readonly EscalationTarget[]
}

/** A person, or everybody in a list. */
export type EscalationTarget =
  | { readonly kind: 'user'; readonly user: UserId }
  | { readonly kind: 'list'; readonly list: AccessListId }

/** Each stage is recorded once for each date. */
export interface Reminded {
  readonly dueAt: Instant
  readonly stages: readonly ReminderStage[]
}
export type ReminderStage = 'open' | 'soon' | 'overdue' | 'escalated' | 'suspended'

/** A member whom a review found to be too many, where the system that keeps the members has to take him out. */
export interface AskedRemoval {
  /** `memberKey` of the entry. */
  readonly member: string
  /** By the name he had then. */
  readonly by: UserName
  readonly at: Instant
}

export const NO_REQUIREMENTS: Requirements = { roles: [], traits: {} }
export const NO_GRANTS: ListGrants = { roles: [], traits: {} }
export const DEFAULT_SCHEDULE: ReviewSchedule = {
  frequencyMonths: 6,
  dayOfMonth: 1,
  notifyBefore: days(14),
  requiredReviewers: 1,
}
/** Longest chain of lists in one another (governance facts, "Structural limits"). */
export const MAX_NESTING_DEPTH = 10

/** Identifies a member inside its list. */
export function memberKey(member: Member): string {
  switch (member.kind) {
    case 'user':
      return `user:${member.user}`
    case 'list':
      return `list:${member.list}`
    case 'aws-only':
      return `aws:${member.awsUser}`
  }
}
