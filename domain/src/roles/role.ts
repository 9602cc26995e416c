import type { AccountId } from '../identity-center/account.ts'
import type { PermissionSetArn } from '../identity-center/permission-set.ts'
import type { Branded } from '../kernel/branded.ts'
import type { Duration } from '../kernel/instant.ts'
import type { AccessListId, Labels, RoleName, UserId } from '../kernel/names.ts'
import type { Pattern } from '../kernel/pattern.ts'
import type { Predicate } from '../predicates/predicate.ts'

/** One of our roles: a named bundle of grants and of rights in requests. AWS's is always "IAM role". */
export interface Role {
  readonly name: RoleName
  readonly version: RoleVersion
  readonly description: string
  readonly labels: Labels
  readonly options: RoleOptions
  readonly allow: RoleConditions
  readonly deny: RoleConditions
  /** Keys of the described product that mean nothing here: kept, shown as "not used here". */
  readonly unused: Readonly<Record<string, unknown>>
  readonly revision: number
}

export type RoleVersion = 'v3' | 'v4' | 'v5' | 'v6' | 'v7' | 'v8'

export interface RoleOptions {
  readonly maxSessionTtl?: Duration
  readonly requireSessionMfa: boolean
  readonly deviceTrustMode: 'off' | 'optional' | 'required'
  readonly requestAccess: 'optional' | 'reason' | 'always'
  readonly requestPrompt: string
  /** Only read in version 7 and below. */
  readonly samlIdpEnabled: boolean
}

export interface RoleConditions {
  /** Absent: matches no application by label. */
  readonly appLabels?: LabelPatterns
  /** On the allow side both must match, on the deny side one of them. */
  readonly appLabelsExpression?: Predicate
  readonly accountAssignments: readonly AccountAssignmentTemplate[]
  readonly request: RequestConditions
  readonly reviewRequests: ReviewConditions
  readonly rules: readonly Rule[]
}

/** What may be done, or must not, with records of some kinds. */
export interface Rule {
  /** Kinds, or `*`; kinds of the described product that do not exist here are kept. */
  readonly resources: readonly string[]
  readonly verbs: readonly (Verb | '*')[]
  /** Only with records that meet it. */
  readonly where?: Predicate
  /** Kept, and not used here. */
  readonly actions?: readonly string[]
}

export const VERBS = [
  'create',
  'read',
  'readnosecrets',
  'list',
  'update',
  'delete',
  'use',
  'rotate',
  'enroll',
  'create_enroll_token',
] as const
export type Verb = (typeof VERBS)[number]

/** Every key must match, by any of its patterns; a trait in one is filled in before (`with-traits.ts`). */
export type LabelPatterns = Readonly<Record<string, readonly Pattern[]>>

/** A grant, or a set of grants, as a role writes it: matched against the 12 digits and the whole ARN. */
export interface AccountAssignmentPattern {
  readonly account: Pattern
  readonly permissionSet: Pattern
}

/** The same before the traits of somebody are filled in (`expand-assignments.ts`). */
export interface AccountAssignmentTemplate {
  readonly account: PatternTemplate
  readonly permissionSet: PatternTemplate
}
export type PatternTemplate = Pattern | Branded<string, 'PatternTemplate'>

export interface RequestConditions {
  /** A trait in one is filled in before (`with-traits.ts`). */
  readonly roles: readonly Pattern[]
  readonly claimsToRoles: readonly ClaimMapping[]
  readonly searchAsRoles: readonly RoleName[]
  readonly suggestedReviewers: readonly string[]
  readonly thresholds: readonly Threshold[]
  readonly maxDuration?: Duration
  readonly annotations: Readonly<Record<string, readonly string[]>>
  readonly reason?: { readonly mode: 'optional' | 'required'; readonly prompt: string }
}

/** Roles for people with a trait of some value. */
export interface ClaimMapping {
  readonly claim: string
  readonly value: Pattern
  readonly roles: readonly Pattern[]
}

/** How many reviews settle a request. A count of zero never settles it in that direction. */
export interface Threshold {
  readonly name: string
  readonly approve: number
  readonly deny: number
  /** Only reviews that meet it count here. */
  readonly filter?: Predicate
  /** Only reviews of these people count here; approval rules name them. */
  readonly reviewers?: Reviewers
  /** Counts reviews from so long after filing: what a rule leaves to deputies. */
  readonly opensAfter?: Duration
  /** The approval rule that added it. */
  readonly rule?: string
}

export interface Reviewers {
  readonly users: readonly UserId[]
  /** Whoever has been in one of them since before the request was filed. */
  readonly lists: readonly AccessListId[]
}

export interface ReviewConditions {
  /** A trait in one is filled in before (`with-traits.ts`). */
  readonly roles: readonly Pattern[]
  readonly claimsToRoles: readonly ClaimMapping[]
  readonly previewAsRoles: readonly RoleName[]
  /** Absent: whatever the request and the reviewer. */
  readonly where?: Predicate
}

/**
 * A role as a user, list or request names it. `pinned` is what a system role's name meant when it was first granted:
 * a permission set that was deleted and made again under the same name is another one, and waits for a confirmation.
 */
export interface RoleReference {
  readonly name: RoleName
  readonly pinned?: Grant
}

/** Account × permission set, as a role gives it; no principal yet. */
export interface Grant {
  readonly account: AccountId
  readonly permissionSet: PermissionSetArn
}

export const NO_REQUEST_CONDITIONS: RequestConditions = {
  roles: [],
  claimsToRoles: [],
  searchAsRoles: [],
  suggestedReviewers: [],
  thresholds: [],
  annotations: {},
}
export const NO_CONDITIONS: RoleConditions = {
  accountAssignments: [],
  request: NO_REQUEST_CONDITIONS,
  reviewRequests: { roles: [], claimsToRoles: [], previewAsRoles: [] },
  rules: [],
}
export const DEFAULT_OPTIONS: RoleOptions = {
  requireSessionMfa: false,
  deviceTrustMode: 'off',
  requestAccess: 'optional',
  requestPrompt: '',
  samlIdpEnabled: true,
}
