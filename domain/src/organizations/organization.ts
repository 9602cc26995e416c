import type { Instant } from '../kernel/instant.ts'
import type { Labels, OrganizationId, UserId } from '../kernel/names.ts'
import type { Pattern } from '../kernel/pattern.ts'

/** One enrolled Identity Center instance: where it is, how we reach it, and how far we may go. */
export interface Organization {
  readonly id: OrganizationId
  /** The plugin's name; `aws-identity-center` by default. */
  readonly name: string
  readonly instanceArn: string
  readonly region: string
  readonly identityStoreId: string
  /** Empty while no account's ARN has told it. */
  readonly managementAccount: string
  /** `shadow` reads, plans and shows; `active` writes. */
  readonly mode: 'shadow' | 'active'
  /** Identity Center keeps another identity provider: users are linked by name and never pushed. */
  readonly hybrid: boolean
  readonly credentials:
    | { readonly source: 'oidc'; readonly integration: string; readonly roleArn: string; readonly audience: string }
    | { readonly source: 'system'; readonly roleArn: string; readonly externalId?: string }
  readonly scimUrl: string
  /** Written to AWS config files. */
  readonly startUrl: string
  /** Opened by "Log In". */
  readonly portalUrl: string
  readonly defaultOwners: readonly UserId[]
  readonly accountFilter: readonly AccountFilterPart[]
  readonly groupFilter: readonly NameFilter[]
  /** Any map that matches fully lets a user in; none at all lets everybody in. */
  readonly userFilter: readonly Labels[]
  readonly driftPolicy: DriftPolicy
  readonly removalBudget: RemovalBudget
  readonly rolesSyncMode: RolesSyncMode
  readonly createdAt: Instant
  readonly revision: number
  /** It is being removed with what Gatehouse made in AWS: until AWS has let go of that, nothing is given. */
  readonly withdrawal?: Withdrawal
}

/** Who has said so when, and how much it was. */
export interface Withdrawal {
  readonly by: string
  readonly since: Instant
  readonly assignments: number
  readonly groups: number
  /** How many memberships go with the groups; absent where it was begun before that was counted. */
  readonly memberships?: number
  /** Keys of what stays in AWS all the same, each named. */
  readonly keeps: readonly string[]
  /** Keys of what was to stay from the beginning, with a reason; the same. */
  readonly stays?: readonly string[]
}

/**
 * `NONE`: no derived roles are offered, and no groups become lists, for organizations where a role for every account and
 * permission set would be too many. What was granted before goes on.
 */
export type RolesSyncMode = 'ALL' | 'NONE'

/** Any exclusion that matches decides; otherwise, without inclusions everything is in, with some one must match. */
export type NameFilter =
  | { readonly include: 'id' | 'name'; readonly pattern: Pattern }
  | { readonly exclude: 'id' | 'name'; readonly pattern: Pattern }

/** The same for accounts, which are told apart by their organizational units and their tags, too. */
export type AccountFilterPart =
  | NameFilter
  /** An id or a path from the root; what lies below the unit is meant too. */
  | { readonly include: 'ou'; readonly unit: string }
  | { readonly exclude: 'ou'; readonly unit: string }
  | { readonly include: 'tag'; readonly key: string; readonly pattern: Pattern }
  | { readonly exclude: 'tag'; readonly key: string; readonly pattern: Pattern }

export type DriftKind =
  | 'assignment-added'
  | 'assignment-removed'
  | 'member-added'
  | 'member-removed'
  | 'group-renamed'
  | 'group-deleted'
export type DriftPolicy = Readonly<Record<DriftKind, 'revert' | 'report' | 'adopt'>>

export const REVERT_ALL: DriftPolicy = {
  'assignment-added': 'revert',
  'assignment-removed': 'revert',
  'member-added': 'revert',
  'member-removed': 'revert',
  'group-renamed': 'revert',
  'group-deleted': 'revert',
}

/** How many removals that nobody decided may happen in 24 hours: the larger of the two. */
export interface RemovalBudget {
  readonly atLeast: number
  readonly percent: number
}
export const DEFAULT_REMOVAL_BUDGET: RemovalBudget = { atLeast: 10, percent: 5 }
