import type { IdentitySource } from './sign-in-records.ts'

/**
 * What the sandbox holds, one interface per kind of record. Records are replaced, never changed in place: a table
 * remembers what a reader saw before. Every time is an instant in epoch milliseconds on the sandbox's clock.
 */
export type Tags = Readonly<Record<string, string>>

/** The facts of which there is one each. */
export interface Home {
  readonly region: string
  readonly organizationId: string
  readonly rootId: string
  readonly managementAccountId: string
  readonly instanceArn: string
  readonly instanceName?: string | undefined
  readonly instanceCreatedAt: number
  readonly identityStoreId: string
  readonly startUrl: string
  readonly scimTenantId: string
  readonly identitySource: IdentitySource
  /** Keys of session tags and where in a user they come from: `${path:enterprise.department}`. */
  readonly accessControl?: Tags | undefined
  /** How many asynchronous requests were accepted so far; durations are drawn by this number, so a restart keeps them. */
  readonly acceptedRequests: number
}

export type AccountState = 'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED'
export interface Account {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly state: AccountState
  readonly parentId: string
  readonly joinedMethod: 'INVITED' | 'CREATED'
  readonly joinedAt: number
}
export interface OrganizationalUnit {
  readonly id: string
  readonly name: string
  readonly parentId: string
}
export interface DelegatedAdministrator {
  readonly accountId: string
  readonly servicePrincipal: string
  readonly enabledAt: number
}
export interface CreateAccountRequest {
  readonly id: string
  readonly accountName: string
  readonly state: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED'
  readonly accountId?: string | undefined
  readonly failureReason?: string | undefined
  readonly requestedAt: number
  readonly completedAt?: number | undefined
}
/** Tags of a resource that has no record of its own to carry them (root, OU, account, instance, permission set). */
export interface ResourceTags {
  readonly resourceId: string
  readonly tags: Tags
}

export interface PersonName {
  readonly formatted?: string | undefined
  readonly familyName?: string | undefined
  readonly givenName?: string | undefined
  readonly middleName?: string | undefined
  readonly honorificPrefix?: string | undefined
  readonly honorificSuffix?: string | undefined
}
/** One e-mail, phone number, role or photo. SCIM and the Identity Store API share the shape, in other letter case. */
export interface TypedValue {
  readonly value?: string | undefined
  readonly type?: string | undefined
  readonly display?: string | undefined
  readonly primary?: boolean | undefined
}
export interface Address {
  readonly streetAddress?: string | undefined
  readonly locality?: string | undefined
  readonly region?: string | undefined
  readonly postalCode?: string | undefined
  readonly country?: string | undefined
  readonly formatted?: string | undefined
  readonly type?: string | undefined
  readonly primary?: boolean | undefined
}
export interface Enterprise {
  readonly employeeNumber?: string | undefined
  readonly costCenter?: string | undefined
  readonly organization?: string | undefined
  readonly division?: string | undefined
  readonly department?: string | undefined
  readonly manager?: { readonly value?: string | undefined; readonly $ref?: string | undefined } | undefined
}
export interface User {
  readonly id: string
  readonly userName: string
  /** Only SCIM can change it: the Identity Store API has no field for it. */
  readonly active: boolean
  /** SCIM's externalId; the Identity Store API shows it among ExternalIds. */
  readonly externalId?: string | undefined
  readonly name: PersonName
  readonly displayName: string
  readonly nickName?: string | undefined
  readonly profileUrl?: string | undefined
  readonly title?: string | undefined
  readonly userType?: string | undefined
  readonly preferredLanguage?: string | undefined
  readonly locale?: string | undefined
  readonly timezone?: string | undefined
  readonly website?: string | undefined
  readonly birthdate?: string | undefined
  readonly emails: readonly TypedValue[]
  readonly addresses: readonly Address[]
  readonly phoneNumbers: readonly TypedValue[]
  readonly roles: readonly TypedValue[]
  readonly photos: readonly TypedValue[]
  readonly enterprise?: Enterprise | undefined
  readonly createdAt: number
  readonly updatedAt: number
  /** ARN of who did it, or `scim`. */
  readonly createdBy: string
  readonly updatedBy: string
}
export interface Group {
  readonly id: string
  readonly displayName: string
  readonly description?: string | undefined
  readonly externalId?: string | undefined
  readonly createdAt: number
  readonly updatedAt: number
  readonly createdBy: string
  readonly updatedBy: string
}
export interface Membership {
  readonly id: string
  readonly groupId: string
  readonly userId: string
  readonly createdAt: number
  readonly createdBy: string
}
export interface ScimToken {
  readonly id: string
  readonly secret: string
  readonly createdAt: number
  readonly expiresAt: number
}

export interface CustomerManagedPolicyReference {
  readonly name: string
  readonly path: string
}
export type PermissionsBoundary =
  | { readonly customerManagedPolicyReference: CustomerManagedPolicyReference }
  | { readonly managedPolicyArn: string }
export interface PermissionSet {
  readonly arn: string
  readonly name: string
  readonly description?: string | undefined
  /** ISO 8601, as the caller wrote it. */
  readonly sessionDuration: string
  readonly relayState?: string | undefined
  readonly managedPolicies: readonly { readonly name: string; readonly arn: string }[]
  readonly customerManagedPolicies: readonly CustomerManagedPolicyReference[]
  readonly inlinePolicy?: string | undefined
  readonly permissionsBoundary?: PermissionsBoundary | undefined
  /** Grows with every change; a provisioning with a smaller one is out of date. */
  readonly revision: number
  readonly createdAt: number
}
/** A permission set that exists as an IAM role in an account, whether or not anything is assigned. */
export interface Provisioning {
  readonly accountId: string
  readonly permissionSetArn: string
  readonly revision: number
  readonly roleName: string
}
export type PrincipalType = 'USER' | 'GROUP'
export interface AccountAssignment {
  readonly accountId: string
  readonly permissionSetArn: string
  readonly principalType: PrincipalType
  readonly principalId: string
  readonly createdAt: number
}
export type AsyncStatus = 'IN_PROGRESS' | 'FAILED' | 'SUCCEEDED'
/** One asynchronous request of SSO Admin, from acceptance on. Kept after its end, as AWS does. */
export interface AsyncRequest {
  readonly id: string
  readonly kind: 'create-assignment' | 'delete-assignment' | 'provision'
  /** Acceptance order: queues are first come, first served. */
  readonly sequence: number
  readonly status: AsyncStatus
  readonly failureReason?: string | undefined
  readonly acceptedAt: number
  readonly permissionSetArn: string
  /** Absent when a permission set is provisioned to all accounts that have it. */
  readonly accountId?: string | undefined
  readonly principalType?: PrincipalType | undefined
  readonly principalId?: string | undefined
  /** Set when it stopped queueing behind others. */
  readonly startedAt?: number | undefined
  readonly dueAt?: number | undefined
  /** Changes the account's IAM role, so it excludes others in that account. */
  readonly changesRole?: boolean | undefined
  /** Decided at acceptance (caller's rights, a fault): it will end FAILED with this. */
  readonly fate?: string | undefined
  /** Added by a fault: it stays IN_PROGRESS at least this long after it started. */
  readonly extraMs?: number | undefined
  /** Set by a fault: the request ends SUCCEEDED without having done anything. */
  readonly hollow?: boolean | undefined
  readonly endedAt?: number | undefined
}

export interface IamRole {
  readonly accountId: string
  readonly name: string
  /** With both slashes: `/`, `/aws-reserved/sso.amazonaws.com/`. */
  readonly path: string
  /** `AROA…` */
  readonly id: string
  readonly arn: string
  readonly trustPolicy: string
  readonly description?: string | undefined
  /** Seconds. */
  readonly maxSessionDuration: number
  readonly inlinePolicies: Readonly<Record<string, string>>
  readonly attachedPolicyArns: readonly string[]
  readonly permissionsBoundaryArn?: string | undefined
  readonly tags: Tags
  readonly createdAt: number
  /** Made by Identity Center: "this role is only modifiable by AWS". */
  readonly isProtected: boolean
}
/** A customer managed policy. AWS's own are code, in `managed-policies/`. */
export interface IamPolicy {
  readonly accountId: string
  readonly arn: string
  readonly name: string
  readonly path: string
  /** `ANPA…` */
  readonly id: string
  readonly description?: string | undefined
  readonly defaultVersionId: string
  readonly versions: readonly { readonly id: string; readonly document: string; readonly createdAt: number }[]
  readonly tags: Tags
  readonly createdAt: number
  readonly updatedAt: number
}
export interface OidcProvider {
  readonly accountId: string
  readonly arn: string
  /** As AWS shows it: without scheme. */
  readonly url: string
  /** As it was given, with scheme: what `iss` must equal. */
  readonly issuer: string
  readonly clientIds: readonly string[]
  readonly thumbprints: readonly string[]
  readonly tags: Tags
  readonly createdAt: number
}
export interface SamlProvider {
  readonly accountId: string
  readonly arn: string
  readonly name: string
  readonly uuid: string
  readonly metadata: string
  readonly validUntil: number
  readonly tags: Tags
  readonly createdAt: number
  readonly isProtected: boolean
}
export interface IamUser {
  readonly accountId: string
  readonly arn: string
  readonly name: string
  readonly path: string
  /** `AIDA…` */
  readonly id: string
  readonly inlinePolicies: Readonly<Record<string, string>>
  readonly attachedPolicyArns: readonly string[]
  readonly tags: Tags
  readonly createdAt: number
}
export interface AccessKey {
  /** `AKIA…` */
  readonly id: string
  readonly secret: string
  readonly accountId: string
  readonly userName: string
  readonly status: 'Active' | 'Inactive'
  readonly createdAt: number
}
/** Temporary credentials that STS gave out. */
export interface Session {
  /** `ASIA…` */
  readonly accessKeyId: string
  readonly secret: string
  readonly token: string
  readonly accountId: string
  readonly roleName: string
  readonly sessionName: string
  /** Session policies as documents: they can only narrow. */
  readonly policies: readonly string[]
  readonly policyArns: readonly string[]
  readonly tags: Tags
  readonly createdAt: number
  readonly expiresAt: number
}
