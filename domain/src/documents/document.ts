import type { AccessList, ReviewSchedule } from '../access-lists/access-list.ts'
import type { ApprovalRule, RuleConditions } from '../approval-rules/approval-rule.ts'
import type { Bundle } from '../bundles/bundle.ts'
import type { AwsUserId } from '../identity-center/account-assignment.ts'
import type { Duration, Instant } from '../kernel/instant.ts'
import type { AccessListId, AccessRequestId, Labels, LockId, RoleName, Traits, UserName } from '../kernel/names.ts'
import type { Role, Threshold } from '../roles/role.ts'
import type { AttributeMapping, ServiceProviderName, ServiceProviderPreset } from '../saml/service-provider.ts'

/**
 * A record as people write it: other records are named, not identified. What the server adds (ids, revisions, times,
 * what a system role's name means) is not in here.
 */
export type Document =
  | RoleDocument
  | UserDocument
  | AccessListDocument
  | MemberDocument
  | LockDocument
  | ServiceProviderDocument
  | BundleDocument
  | ApprovalRuleDocument

export type RoleDocument = { readonly kind: 'role' } & Omit<Role, 'revision'>

export interface UserDocument {
  readonly kind: 'user'
  readonly name: UserName
  readonly labels: Labels
  readonly roles: readonly RoleName[]
  readonly traits: Traits
}

export interface AccessListDocument {
  readonly kind: 'access_list'
  readonly name: AccessListId
  readonly title: string
  readonly description: string
  readonly type: AccessList['type']
  readonly labels: Labels
  readonly owners: readonly OwnerEntry[]
  /** Everybody who is to be in it, and nobody else; absent: who is in it stays. */
  readonly members?: readonly MemberEntry[]
  readonly membershipRequires: NamedGrants
  readonly ownershipRequires: NamedGrants
  readonly grants: NamedGrants
  readonly ownerGrants: NamedGrants
  readonly audit: ReviewSchedule
  /** Whom an overdue review goes to as well; in YAML a part of `audit`. */
  readonly escalation?: EscalationEntry
}

export interface EscalationEntry {
  readonly after: Duration
  readonly to: readonly { readonly kind: 'user' | 'list'; readonly name: string }[]
}

/** Roles and traits, granted or asked for. */
export interface NamedGrants {
  readonly roles: readonly RoleName[]
  readonly traits: Traits
}

/** `name` is a user's name or a list's. */
export interface OwnerEntry {
  readonly kind: 'user' | 'list'
  readonly name: string
  readonly description: string
}

/** `name` is a user's name, that of somebody whom only AWS knows, or a list's. */
export interface MemberEntry {
  readonly kind: 'user' | 'list'
  readonly name: string
  readonly expires?: Instant
  readonly reason: string
}

export interface MemberDocument {
  readonly kind: 'access_list_member'
  readonly list: AccessListId
  readonly member:
    | { readonly kind: 'user'; readonly name: string }
    | { readonly kind: 'list'; readonly name: string }
    | { readonly kind: 'aws-only'; readonly name: string; readonly awsUser: AwsUserId }
  readonly expires?: Instant
  readonly reason: string
}

export interface LockDocument {
  readonly kind: 'lock'
  readonly name: LockId
  readonly target:
    | { readonly kind: 'user'; readonly user: UserName }
    | { readonly kind: 'role'; readonly role: RoleName }
    | { readonly kind: 'access-request'; readonly request: AccessRequestId }
  readonly message: string
  readonly expires?: Instant
}

/** Its metadata, or its entity id and the one address that answers go to; what is not given is empty. */
export interface ServiceProviderDocument {
  readonly kind: 'saml_idp_service_provider'
  readonly name: ServiceProviderName
  readonly labels: Labels
  readonly entityDescriptor: string
  readonly entityId: string
  readonly acsUrl: string
  readonly preset: ServiceProviderPreset
  readonly relayState: string
  readonly attributeMapping: readonly AttributeMapping[]
  readonly launchUrls: readonly string[]
}

export type BundleDocument = { readonly kind: 'bundle' } & Omit<Bundle, 'revision'>

/** Users and lists are named. */
export interface ApprovalRuleDocument extends Pick<ApprovalRule, 'name' | 'description' | 'labels'> {
  readonly kind: 'approval_rule'
  readonly when: Omit<RuleConditions, 'requesterLists'> & { readonly requesterLists: readonly string[] }
  readonly effect:
    | { readonly kind: 'thresholds'; readonly thresholds: readonly NamedThreshold[] }
    | Exclude<ApprovalRule['effect'], { readonly kind: 'thresholds' }>
}

export interface NamedThreshold extends Omit<Threshold, 'reviewers' | 'rule'> {
  readonly reviewers?: { readonly users: readonly string[]; readonly lists: readonly string[] }
}

/** A document with the line it starts on, and what its reader should know. */
export interface ParsedDocument {
  readonly document: Document
  /** Of the record that it was read from, if it says so. Opaque. */
  readonly revision?: string
  readonly line: number
  readonly warnings: readonly DocumentWarning[]
}

export interface DocumentWarning {
  readonly field: string
  readonly line?: number
  readonly message: string
}

/** Two documents of one identity mean the same record. Role and user names are unique ignoring case. */
export function documentIdentity(document: Document): string {
  switch (document.kind) {
    case 'role':
    case 'user':
    case 'saml_idp_service_provider':
    case 'bundle':
    case 'approval_rule':
      return `${document.kind}/${document.name.toLowerCase()}`
    case 'access_list':
    case 'lock':
      return `${document.kind}/${document.name}`
    case 'access_list_member':
      return `${document.kind}/${document.list}/${document.member.kind}/${document.member.name.toLowerCase()}`
  }
}

/** Marks a member whom only AWS knows, with the id that AWS gave. */
export const EXTERNAL_ID_LABEL = 'teleport.internal/external-id'
