import type { Traits } from '../kernel/names.ts'

/** What events of each name carry beside their envelope (governance facts, section 9; names beginning `GH` are ours). */
export interface EventFields {
  'user.login': {
    /** `local` is by password, `device` by a session in a browser. */
    readonly method: 'local' | 'device'
    readonly success: boolean
    readonly error?: string
    /** What another identity provider said of the person. */
    readonly attributes: Traits
    readonly client: string
    readonly remote: string
  }
  'user_login.invalid_access_list': {
    readonly access_list_name: string
    readonly access_list_title: string
    /** `missing_roles` or `requirements`. */
    readonly invalid_reason: string
    readonly missing_roles: readonly string[]
  }
  'user.create': UserFields
  'user.update': UserFields
  'user.delete': UserFields
  'user.password_link.create': { readonly name: string }
  'user.session.end': {
    readonly how: 'signed out' | 'by its user'
    readonly count: number
    /** A hundred of them at most. */
    readonly sessions: readonly { readonly id: string; readonly client: string; readonly remote: string }[]
  }
  'user.device_code.confirm': DeviceCodeFields & { readonly success?: false; readonly error?: string }
  'user.device_code.refuse': DeviceCodeFields
  'user.password_change': {
    readonly by: string
    readonly remote?: string
    readonly success?: false
    readonly error?: string
  }
  'role.created': RoleFields
  'role.updated': RoleFields
  'role.deleted': RoleFields
  'access_request.create': RequestFields
  'access_request.update': RequestFields & {
    readonly updated_by: string
    readonly delegator: string
    /** What happened where it was not decided. */
    readonly message?: string
    readonly returned_rows?: readonly string[]
    /** Whose approvals do not count any more when the access was to begin. */
    readonly void_reviews?: readonly string[]
  }
  'access_request.review': RequestFields & {
    readonly proposed_state: string
    readonly reviewer: string
    readonly promoted_access_list?: { readonly name: string; readonly title: string }
    /** The only rows that the review approves. */
    readonly approved_rows?: readonly string[]
    /** The hash of what the reviewer was shown. */
    readonly shown?: string
    /** Whose approvals do not count any more, because what they approved has changed. */
    readonly void_reviews?: readonly string[]
  }
  'access_request.delete': RequestFields
  'access_request.expire': RequestFields & { readonly resource_expiry: string }
  'access_request.search': {
    readonly resource_type: string
    readonly search_as_roles: readonly string[]
    readonly labels: Readonly<Record<string, string>>
    readonly predicate: string
    readonly search_keywords: readonly string[]
  }
  'access_list.create': ListFields
  'access_list.update': ListFields
  'access_list.delete': ListFields
  'access_list.review': ListFields & {
    readonly review_id: string
    readonly notes: string
    readonly removed_members: readonly string[]
    /** Whom the system that keeps the members has to take out. */
    readonly asked_removals: readonly string[]
    readonly membership_requirements_changed: { readonly roles: readonly string[]; readonly traits: Traits } | null
    /** Empty where it stays as it was, like the next two. */
    readonly review_frequency_changed: string
    readonly review_day_of_month_changed: string
    /** Empty while somebody else has to review the list as well. */
    readonly next_audit_date: string
  }
  'access_list.review.reminder': ReminderFields
  'access_list.review.escalate': ReminderFields & { readonly escalated_to: readonly string[] }
  'access_list.suspend': ReminderFields
  'access_list.member.create': MembersFields
  'access_list.member.update': MembersFields
  'access_list.member.delete': MembersFields
  'access_list.member.delete_all_for_access_list': Omit<MembersFields, 'members'>
  'lock.created': LockFields
  'lock.deleted': LockFields
  'saml.idp.auth': {
    readonly success: boolean
    readonly error?: string
    readonly service_provider_entity_id: string
    readonly service_provider_shortcut?: string
    readonly sid: string
    /** What was missing, and what would help. */
    readonly denial?: object
  }
  /** A permission set has become something else while access to it runs. Nothing is taken away. */
  'access_request.permission_set_changed': {
    readonly id: string
    readonly user: string
    readonly permission_set_arn: string
    /** Who approved it, and is told. */
    readonly approvers: readonly string[]
  }
  'approval_rule.create': ApprovalRuleFields
  'approval_rule.update': ApprovalRuleFields
  'approval_rule.delete': ApprovalRuleFields
  'bundle.create': BundleFields
  'bundle.update': BundleFields
  'bundle.delete': BundleFields
  'saml.idp.service.provider.create': ServiceProviderFields
  'saml.idp.service.provider.update': ServiceProviderFields
  'saml.idp.service.provider.delete': { readonly name: string; readonly updated_by: string; readonly error?: string }
  'saml.idp.certificate.create': CertificateFields
  'saml.idp.certificate.activate': CertificateFields
  'saml.idp.certificate.delete': CertificateFields
  'enrolment.create': { readonly name: string }
  'enrolment.update': {
    readonly name: string
    readonly revision: number
    /** Fields, not their values; a token that was given or forgotten is one of them. */
    readonly changed: readonly string[]
    readonly scim_token?: 'given' | 'forgotten'
    /** Where the token goes, if there is one. */
    readonly scim_url?: string
    readonly force_scim_url?: boolean
  }
  'enrolment.check': {
    readonly name: string
    readonly step: 'aws' | 'scim'
    readonly success: boolean
    readonly message: string
    /** The role that was tried. */
    readonly role_arn?: string
    /** Where the token was sent. */
    readonly scim_url?: string
  }
  'enrolment.delete': { readonly name: string }
  'plugin.create': PluginFields
  'plugin.update': PluginFields & {
    readonly plan?: string
    /** What was put in the place of a former one. */
    readonly rotated?: 'scim_token'
  }
  'plugin.delete': PluginFields & {
    /** Keys of access that has an end or was taken away here, and that was left in AWS nevertheless: a hundred at most. */
    readonly released: readonly string[]
    readonly released_count: number
    /** References to what goes were taken out of lists and users. */
    readonly strip: boolean
    /** Somebody said that Identity Center had another identity source by then. */
    readonly identity_source_changed: boolean
    /** How many lists made from groups went with it. */
    readonly lists: number
    /** How many records named what went. */
    readonly dangling: number
    /** Of what Gatehouse had made in AWS and was to take away there, what AWS no longer has; absent where that was not asked for. */
    readonly removed_in_aws?: { readonly assignments: number; readonly groups: number }
    /** The rest of it, that AWS still has: released, each by its key. */
    readonly left_in_aws?: { readonly assignments: number; readonly groups: number }
  }
  /** What Gatehouse made in AWS is taken away there from here on. */
  'plugin.removal.begin': {
    readonly name: string
    readonly assignments: number
    readonly groups: number
    /** How many memberships go with the groups. */
    readonly memberships: number
  }
  'plugin.removal.stop': { readonly name: string }
  'integration.create': IntegrationFields
  'integration.update': IntegrationFields
  'integration.delete': IntegrationFields
  'aws_identity_center.resource_sync.success': SyncFields
  'aws_identity_center.resource_sync.failed': SyncFields
  'aws_identity_center.account_assignment.created': AssignmentFields & { readonly causes: readonly object[] }
  'aws_identity_center.account_assignment.deleted': AssignmentFields & { readonly cause: string }
  'aws_identity_center.user.pushed': OfOrganization &
    Refusable & {
      readonly name: string
      readonly user_id: string
      readonly change: string
    }
  'aws_identity_center.group.pushed': OfOrganization &
    Refusable & {
      readonly group: string
      readonly list: string
      readonly change: string
    }
  'aws_identity_center.group.members_changed': OfOrganization & {
    readonly group: string
    readonly external_id: string
    readonly added: readonly string[]
    readonly removed: readonly string[]
  }
  /** A link of one principal, or how many lists, members and assignments became records, and which somebody kept: a hundred at most. */
  'aws_identity_center.adopted': object
  'aws_identity_center.removals.held': OfOrganization & { readonly count: number; readonly reason: string | undefined }
  'aws_identity_center.removals.released': OfOrganization & {
    /** Keys of the first hundred. */
    readonly operations: readonly string[]
    readonly operations_count: number
    /** Keys of the first hundred, each with how much was believed to be gone. */
    readonly findings: readonly string[]
    readonly findings_count: number
  }
  'aws_identity_center.drift.found': OfOrganization & { readonly count: number; readonly messages: readonly string[] }
  'aws_identity_center.drift.decided': OfOrganization & {
    /** What happened in AWS and is taken back there: the first of them. */
    readonly taken_back: readonly string[]
    readonly taken_back_count: number
    /** What happened in AWS and becomes a decision here: the first of them. */
    readonly followed: readonly string[]
    readonly followed_count: number
  }
  /** Adopted assignments of one person, which the records want no longer. */
  'adopted_assignment.end': OfOrganization & {
    readonly name: string
    readonly ended: readonly { readonly account_id: string; readonly permission_set_arn: string }[]
  }
  /** The first hundred of each, and how many there were. */
  'aws_identity_center.accounts.moved': OfOrganization & {
    /** AWS had them before, and the account filter lets them in now. */
    readonly let_in: readonly string[]
    readonly let_in_count: number
    /** AWS still has them, and the account filter keeps them out now. */
    readonly kept_out: readonly string[]
    readonly kept_out_count: number
    readonly added_in_aws: readonly string[]
    readonly added_in_aws_count: number
    readonly gone_from_aws: readonly string[]
    readonly gone_from_aws_count: number
  }
  'aws_identity_center.read.suspicious': OfOrganization & { readonly kind: string; readonly message: string }
}

interface DeviceCodeFields {
  /** What the command line called its machine. */
  readonly machine: string
  /** Where the command line asked from, and where the browser is. */
  readonly remote: string
  readonly browser: string
}

interface UserFields {
  readonly name: string
  readonly roles: readonly string[]
  readonly connector: 'local'
  /** Empty: users do not expire here. */
  readonly expires: string
}

interface RoleFields {
  readonly name: string
  readonly preset?: boolean
  /** Why it was refused. */
  readonly error?: string
}

interface RequestFields {
  readonly id: string
  readonly user: string
  readonly roles: readonly string[]
  readonly resource_ids: readonly { readonly kind: string; readonly name: string }[]
  readonly state: string
  readonly reason: string
  readonly max_duration: string
}

interface ListFields {
  readonly name: string
  readonly access_list_title: string
  readonly updated_by: string
  readonly success: boolean
  readonly error?: string
}

interface ReminderFields extends ListFields {
  /** `open`, `soon`, `overdue`, `escalated` or `suspended`. */
  readonly stage: string
  readonly due_date: string
  /** Names of users, ids of lists. */
  readonly owners: readonly string[]
}

interface MembersFields {
  readonly access_list_name: string
  readonly access_list_title: string
  readonly updated_by: string
  readonly success: boolean
  readonly error?: string
  readonly members: readonly {
    readonly member_name: string
    readonly joined_on: string
    /** When the membership ends, or ended; absent without an end. */
    readonly removed_on?: string
    readonly reason: string
    readonly membership_kind: string
  }[]
}

interface LockFields {
  readonly name: string
  readonly target: Readonly<Record<string, string>>
  readonly updated_by: string
}

interface ServiceProviderFields {
  readonly name: string
  readonly service_provider_entity_id: string
  readonly attribute_mapping: Readonly<Record<string, string>>
  readonly updated_by: string
  /** Why it was refused. */
  readonly error?: string
}

/** `decision` is `approve`, `deny` or, for a rule that asks for more reviews, `thresholds`. */
interface ApprovalRuleFields {
  readonly name: string
  readonly decision: string
  readonly updated_by: string
}

interface BundleFields {
  readonly name: string
  readonly title: string
  readonly updated_by: string
}

interface CertificateFields {
  readonly fingerprint: string
  readonly updated_by: string
}

interface PluginFields {
  readonly name: string
  readonly plugin_type: string
  readonly has_credentials: boolean
  readonly reuses_credentials: boolean
  readonly plugin_data: object
}

interface IntegrationFields {
  readonly name: string
  readonly sub_kind: string
  readonly aws_oidc: { readonly role_arn: string; readonly issuer_s3_uri: string }
}

/** Whose AWS it was read from or written to, by the name that the organization was enrolled by. */
interface OfOrganization {
  readonly organization: string
}

/** Only where AWS has refused it. */
interface Refusable {
  readonly success?: false
  readonly error?: string
}

interface SyncFields extends OfOrganization {
  readonly total_accounts: number
  readonly total_permission_sets: number
  readonly total_account_assignments: number
  readonly total_user_groups: number
  readonly success: boolean
  readonly message: string
}

interface AssignmentFields extends OfOrganization {
  readonly success: boolean
  readonly error?: string
  readonly principal_metadata: {
    readonly name: string
    readonly friendly_name: string
    readonly external_id: string | undefined
    readonly principal_type: 'USER' | 'GROUP'
  }
  /** When AWS took the request; the time of the event is when it had carried it out. */
  readonly sent_at?: string
  readonly principal_assignments: readonly { readonly account_id: string; readonly permission_set_arn: string }[]
}
