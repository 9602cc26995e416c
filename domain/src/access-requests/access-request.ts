import { type GrantKey, grantKey } from '../identity-center/account-assignment.ts'
import type { AccountId } from '../identity-center/account.ts'
import type { PermissionSetArn } from '../identity-center/permission-set.ts'
import type { Branded } from '../kernel/branded.ts'
import type { Duration, Instant } from '../kernel/instant.ts'
import type { AccessListId, AccessRequestId, RoleName, Traits, UserId } from '../kernel/names.ts'
import type { RoleReference, Threshold } from '../roles/role.ts'
import type { ServiceProviderName } from '../saml/service-provider.ts'

/** Somebody's wish for access that ends by itself, and what became of it. */
export type AccessRequest = RequestDetails & RequestState

export interface RequestDetails {
  readonly id: AccessRequestId
  readonly user: UserId
  /** The roles asked for; for a resource request, the roles through which the resources are reached. */
  readonly roles: readonly RoleReference[]
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
  /** The request whose access this one prolongs: it begins at once and ends so much after that one's end. */
  readonly prolongs?: AccessRequestId
  /** Applications that he asks to sign in to. */
  readonly applications: readonly ServiceProviderName[]
  /** Bundles that the resources came from. */
  readonly bundles: readonly string[]
  /** Asks for membership: it can be promoted and not approved. */
  readonly longTerm?: { readonly recommended: AccessListId }
  /** What an approval rule decided by itself when it was filed. */
  readonly automatic?: AutomaticDecision
  readonly revision: number
}

export interface AutomaticDecision {
  readonly rule: string
  readonly verdict: 'approve' | 'deny'
  readonly reason: string
  /** The hash of what the rule approved (`shown.ts`); absent until the permission sets have been read. */
  readonly shown?: string
}

export type RequestState =
  | { readonly state: 'pending' }
  | {
      readonly state: 'approved'
      readonly resolvedAt: Instant
      readonly startsAt: Instant
      readonly expiresAt: Instant
      readonly resolveReason: string
      /**
       * When the permission sets were found to be what was approved; the access does not begin before. An approval that
       * takes effect at once has it, one with a start time gets it then.
       */
      readonly checkedAt?: Instant
      /** Rows that give nothing: not approved, or returned before their end. */
      readonly rowsOut: readonly RowOut[]
      /**
       * What each approved role of a role request gave when it was approved. A role that is widened later gives its
       * requester no more in AWS, one that is narrowed gives less.
       */
      readonly approvedGrants?: readonly ApprovedGrants[]
      /**
       * What the stored roles among them, or those that open an application, said then (`definition-of.ts`): one that says
       * something else later gives its requester nothing here.
       */
      readonly approvedRoles?: Readonly<Record<RoleName, string>>
      /** What each permission set was when it was approved, as a hash of its reading. */
      readonly approvedSets?: Readonly<Record<PermissionSetArn, string>>
      /** Permission sets that have become something else while the access runs: it goes on, and its approvers are told. */
      readonly setChanges?: readonly SetChange[]
    }
  | { readonly state: 'denied'; readonly resolvedAt: Instant; readonly resolveReason: string }
  | {
      readonly state: 'promoted'
      readonly resolvedAt: Instant
      readonly resolveReason: string
      readonly into: AccessListId
    }

export interface ApprovedGrants {
  readonly role: RoleName
  readonly grants: readonly GrantKey[]
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
  /** The only rows that it approves: it denies the others. Absent: it is about all. */
  readonly rows?: readonly RequestRow[]
  /** What tells several accounts of one human being (`reviewers.ts`), as it was then. */
  readonly person?: string
  /** The hash of what its author was shown (`shown.ts`). */
  readonly shown?: string
  /** What was approved has changed since, so the approval does not count; its author may review again. */
  readonly isVoid?: boolean
}

/** What is decided one by one: the assignments of a resource request by their grant keys, else the roles by their names. */
export type RequestRow = Branded<string, 'RequestRow'>

export interface SetChange {
  readonly permissionSet: PermissionSetArn
  readonly at: Instant
  /** The hash of its new reading; absent: AWS does not have it any more. */
  readonly now?: string
}

export interface RowOut {
  readonly row: RequestRow
  readonly why: 'denied' | 'returned'
  readonly at: Instant
  /** Who gave it back; absent where nobody did, and from before this was kept. */
  readonly by?: UserId
}

export const rowOf = (resource: RequestedAssignment): RequestRow => grantKey(resource) as string as RequestRow // its key

export const rowOfApplication = (name: ServiceProviderName): RequestRow =>
  `saml_idp_service_provider/${name}` as RequestRow // its key

export const rowOfRole = ({ name }: RoleReference): RequestRow => name as string as RequestRow // its key

type Asked = Pick<RequestDetails, 'resources' | 'applications' | 'roles'>

/** Asks for roles themselves, not for what is reached through them. */
export const isRoleRequest = ({ resources, applications }: Pick<Asked, 'resources' | 'applications'>): boolean =>
  resources.length === 0 && applications.length === 0

export const rowsOf = (request: Asked): readonly RequestRow[] =>
  isRoleRequest(request)
    ? request.roles.map(rowOfRole)
    : [...request.resources.map(rowOf), ...request.applications.map(rowOfApplication)]

/** What an approved request gives: not what is out. */
export const givenResources = (request: AccessRequest): readonly RequestedAssignment[] =>
  request.resources.filter((resource) => !isOut(request, rowOf(resource)))

export const givenApplications = (request: AccessRequest): readonly ServiceProviderName[] =>
  request.applications.filter((name) => !isOut(request, rowOfApplication(name)))

/** The roles of a role request; none of a request for what is reached through roles. */
export const givenRoles = (request: AccessRequest): readonly RoleReference[] =>
  isRoleRequest(request) ? request.roles.filter((reference) => !isOut(request, rowOfRole(reference))) : []

export const isOut = (request: AccessRequest, row: RequestRow): boolean =>
  request.state === 'approved' && request.rowsOut.some((out) => out.row === row)

/** How a request stands at this instant: undecided in time it has expired, even while its record is still there. */
export const stateAt = (request: AccessRequest, now: Instant): AccessRequest['state'] | 'expired' =>
  request.state === 'pending' && request.pendingUntil <= now ? 'expired' : request.state

/** Says whether an approved request gives its access at this instant: from its start, once checked, until its end. */
export function isInForce(request: AccessRequest, now: Instant): boolean {
  return (
    request.state === 'approved' &&
    request.checkedAt !== undefined &&
    request.startsAt <= now &&
    now < request.expiresAt
  )
}
