import type { AccountId } from '../identity-center/account.ts'
import type { PermissionSetArn } from '../identity-center/permission-set.ts'
import type { Duration, Instant } from '../kernel/instant.ts'
import type { AccessListId, AccessRequestId, Traits, UserId } from '../kernel/names.ts'
import type { RoleReference, Threshold } from '../roles/role.ts'

/** Somebody's wish for access that ends by itself, and what became of it. */
export type AccessRequest = RequestDetails & RequestState

export interface RequestDetails {
  readonly id: AccessRequestId
  readonly user: UserId
  /** The roles asked for; for a resource request, the roles through which the resources are reached. */
  readonly roles: readonly RoleReference[]
  /** Empty for a role request. */
  readonly resources: readonly RequestedAssignment[]
  readonly reason: string
  readonly suggestedReviewers: readonly string[]
  /** What the requester's roles said about it when it was filed. */
  readonly annotations: Traits
  readonly thresholds: readonly Threshold[]
  /** For each role, sets of indexes into `thresholds`; each set must be met by one of its thresholds. */
  readonly roleThresholds: Readonly<Record<string, readonly (readonly number[])[]>>
  readonly reviews: readonly Review[]
  readonly createdAt: Instant
  /** Unless decided by then, the request ends undecided. */
  readonly pendingUntil: Instant
  /** How long the access lasts, counted from approval or start time. */
  readonly duration: Duration
  readonly assumeStartTime?: Instant
  readonly revision: number
}

export type RequestState =
  | { readonly state: 'pending' }
  | {
      readonly state: 'approved'
      readonly resolvedAt: Instant
      readonly startsAt: Instant
      readonly expiresAt: Instant
      readonly resolveReason: string
    }
  | { readonly state: 'denied'; readonly resolvedAt: Instant; readonly resolveReason: string }
  | {
      readonly state: 'promoted'
      readonly resolvedAt: Instant
      readonly resolveReason: string
      readonly into: AccessListId
    }

/** One row of a resource request, with the names as they were shown. */
export interface RequestedAssignment {
  readonly account: AccountId
  readonly permissionSet: PermissionSetArn
  readonly accountName: string
  readonly permissionSetName: string
}

export interface Review {
  readonly author: UserId
  readonly verdict: 'approve' | 'deny' | 'promote'
  readonly reason: string
  readonly at: Instant
  readonly assumeStartTime?: Instant
  /** Indexes of the thresholds for which it counts; absent: of all that have no filter. */
  readonly thresholds?: readonly number[]
}

/** How a request stands at this instant: undecided in time it has expired, even while its record is still there. */
export const stateAt = (request: AccessRequest, now: Instant): AccessRequest['state'] | 'expired' =>
  request.state === 'pending' && request.pendingUntil <= now ? 'expired' : request.state

/** Says whether an approved request gives its access at this instant: from its start until, not including, its end. */
export function isInForce(request: AccessRequest, now: Instant): boolean {
  return request.state === 'approved' && request.startsAt <= now && now < request.expiresAt
}
