import type {
  Account,
  AccountAssignment,
  AccountId,
  AwsGroupId,
  AwsPrincipal,
  AwsUserId,
  GrantKey,
  Labels,
  Lane,
  ObservedUser,
  OrganizationalUnit,
  PermissionSet,
  PermissionSetArn,
  PermissionSetReading,
} from '@gatehouse/domain'

/** Every call says in which lane it spends quota, and can be given up. */
export interface CallOptions {
  readonly lane: Lane | 'sweep'
  readonly signal: AbortSignal
}

/**
 * Identity Center and Organizations as the guide's permissions allow them. Lists are whole: a page that failed fails the
 * list. @throws IdentityCenterError
 */
export interface IdentityCenter {
  describeInstance(call: CallOptions): Promise<{ instanceArn: string; identityStoreId: string; ownerAccount?: string }>
  listAccounts(call: CallOptions): Promise<readonly Account[]>
  /**
   * The root and all organizational units, each with its parents up to the root and their names; `undefined` where the
   * optional permission is missing, which is asked for again after a while.
   */
  listOrganizationalUnits(call: CallOptions): Promise<readonly UnitPath[] | undefined>
  /** The accounts directly in an organizational unit, or in the root. */
  listAccountsInUnit(unit: string, call: CallOptions): Promise<readonly AccountId[]>
  /** `undefined` where the optional permission is missing, which is asked for again after a while. */
  listAccountTags(account: AccountId, call: CallOptions): Promise<Labels | undefined>
  listPermissionSets(call: CallOptions): Promise<readonly PermissionSetArn[]>
  describePermissionSet(arn: PermissionSetArn, call: CallOptions): Promise<PermissionSet>
  /**
   * The set and what it allows, always asked of AWS anew: for an approval that is shown, tips or begins. A set that is
   * gone fails with `not-found`. Its policies are absent where a permission to read them is missing, which is asked for
   * again after a while.
   */
  readPermissionSet(arn: PermissionSetArn, call: CallOptions): Promise<PermissionSetReading>
  listUsers(call: CallOptions): Promise<readonly ObservedUser[]>
  listGroups(call: CallOptions): Promise<readonly { id: AwsGroupId; displayName: string; externalId?: string }[]>
  listGroupMembers(group: AwsGroupId, call: CallOptions): Promise<readonly AwsUserId[]>
  /** Only the principal's own: what a user has through groups is left out. */
  listAssignments(principal: AwsPrincipal, call: CallOptions): Promise<ReadonlySet<GrantKey>>
  createAssignment(assignment: AccountAssignment, call: CallOptions): Promise<AssignmentStatus>
  deleteAssignment(assignment: AccountAssignment, call: CallOptions): Promise<AssignmentStatus>
  describeAssignmentRequest(
    kind: 'creation' | 'deletion',
    requestId: string,
    call: CallOptions,
  ): Promise<AssignmentStatus>
  /**
   * Ids of all requests still in progress, in one call per hundred; `undefined` where the optional permission is missing,
   * and then each request is asked for by itself.
   */
  listRequestsInProgress(kind: 'creation' | 'deletion', call: CallOptions): Promise<ReadonlySet<string> | undefined>
}

/** A root or an organizational unit, itself first and the root last. */
export type UnitPath = readonly [OrganizationalUnit, ...OrganizationalUnit[]]

export type AssignmentStatus =
  | { readonly status: 'in-progress'; readonly requestId: string }
  | { readonly status: 'succeeded'; readonly requestId?: string }
  | { readonly status: 'failed'; readonly requestId?: string; readonly reason: string }

/** What can go wrong on AWS's side, as far as a caller decides differently on it. */
export type IdentityCenterFailure =
  /** Too many calls a second. */
  | 'throttled'
  /** Too many operations in flight. */
  | 'busy'
  /** Another write on the same thing is running. */
  | 'conflict'
  | 'access-denied'
  | 'expired-credentials'
  | 'not-found'
  | 'name-taken'
  | 'invalid'
  /** 5xx, reset, time-out: the effect of a write is unknown. */
  | 'unavailable'

export class IdentityCenterError extends Error {
  readonly failure: IdentityCenterFailure
  readonly operation: string
  constructor(failure: IdentityCenterFailure, operation: string, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'IdentityCenterError'
    this.failure = failure
    this.operation = operation
  }
}

/** The one place where AWS's quota is given out. Every attempt of every call takes once. */
export interface Gate {
  take(service: AwsService, call: CallOptions): Promise<void>
  /** Tells how it went, so that the rate follows what others leave us. */
  report(service: AwsService, outcome: 'ok' | 'throttled'): void
}
export type AwsService = 'sso-admin' | 'identitystore' | 'organizations' | 'scim'
