import type { AccountSelector } from '../identity-center/account-selector.ts'
import type { Branded } from '../kernel/branded.ts'
import type { AccessListId, Labels, UserId } from '../kernel/names.ts'
import type { Pattern } from '../kernel/pattern.ts'
import type { Threshold } from '../roles/role.ts'
import type { TimeWindow } from './time-window.ts'

export type ApprovalRuleName = Branded<string, 'ApprovalRuleName'>

/** A row of the approver matrix: for some requests it asks for more reviews, or decides by itself. */
export interface ApprovalRule {
  readonly name: ApprovalRuleName
  readonly description: string
  readonly labels: Labels
  readonly when: RuleConditions
  readonly effect: RuleEffect
  /** Everybody who has written it, the latest last; it never approves what they ask for. */
  readonly authors: readonly RuleAuthor[]
  readonly revision: number
}

export interface RuleAuthor {
  readonly user: UserId
  /** What tells several accounts of one human being (`reviewers.ts`), as it was then: the account may be gone by now. */
  readonly person?: string
}

/** Everything that is given must hold; of several values one is enough. */
export interface RuleConditions {
  readonly accounts: readonly AccountSelector[]
  /** Names, or ARNs. */
  readonly permissionSets: readonly Pattern[]
  /** Of a role request. */
  readonly roles: readonly Pattern[]
  /** The requester is in one of these. */
  readonly requesterLists: readonly AccessListId[]
  /** The request is filed in one of these. */
  readonly times: readonly TimeWindow[]
}

export type RuleEffect =
  /** A set that has to be met in addition to all others, by one of its thresholds. */
  | { readonly kind: 'thresholds'; readonly thresholds: readonly Threshold[] }
  /** Stands in for one reviewer where any one will do. */
  | { readonly kind: 'approve'; readonly reason: string }
  /** Wins over everything. */
  | { readonly kind: 'deny'; readonly reason: string }
