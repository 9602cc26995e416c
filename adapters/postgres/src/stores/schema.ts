import type {
  AccessList,
  AccessListId,
  AccessListReview,
  AccessRequest,
  AccessRequestId,
  Account,
  AccountId,
  AssignmentKey,
  AuditEventName,
  AwsGroupId,
  AwsPrincipalKey,
  AwsUserId,
  ApprovalRule,
  ApprovedGrants,
  Bundle,
  EnrolmentDraft,
  GrantKey,
  GroupKey,
  GroupLink,
  Lock,
  LockId,
  MembershipKey,
  Organization,
  OrganizationId,
  PermissionSetArn,
  Remembered,
  RemovalKind,
  ReviewDraft,
  Role,
  RowOut,
  SetChange,
  RoleName,
  ServiceProvider,
  Subject,
  User,
  UserId,
  UserLink,
  UserName,
} from '@gatehouse/domain'
import type {
  AccountsSeen,
  DeviceCode,
  Finding,
  JournalEntry,
  KeptRequest,
  StoredSession,
} from '@gatehouse/application'
import type { ColumnType, Generated } from 'kysely'

/**
 * The tables after the last migration, as they are read. Columns carry domain types without a check of their own: the
 * tables' checks and keys hold the plain ones, and nothing but the functions of this folder writes the `jsonb` ones.
 * `bigint` arrives as text, and is made a number where it is read.
 */
/** As the triggers of 0012-what-changed.sql name tables; owners count as their list. */
export type RecordKind =
  | 'organization'
  | 'local_user'
  | 'role'
  | 'access_list'
  | 'access_list_member'
  | 'access_request'
  | 'lock'
  | 'service_provider'
  | 'bundle'
  | 'approval_rule'
  | 'user_link'
  | 'group_link'
  | 'adopted_assignment'

export interface Tables {
  records_version: { version: string }
  record_change: { version: string; kind: RecordKind; key: string[] }
  organization: OrganizationTable
  local_user: UserTable
  role: RoleTable
  access_list: ListTable
  access_list_review: ReviewTable
  review_draft: ReviewDraftTable
  access_list_owner: OwnerTable
  access_list_member: MemberTable
  access_request: RequestTable
  lock: LockTable
  service_provider: ServiceProviderTable
  bundle: BundleTable
  approval_rule: ApprovalRuleTable
  saml_request: SamlRequestTable
  saml_key: SamlKeyTable
  user_link: UserLinkTable
  group_link: GroupLinkTable
  adopted_assignment: {
    organization_id: OrganizationId
    user_id: UserId
    grant_key: GrantKey
    adopted_at: Date
    kept_by: string | null
  }
  organization_progress: {
    organization_id: OrganizationId
    swept_at: Date | null
    round_seq: string
    clock_floor: Date | null
    catalogue_version: ColumnType<string, never, never>
    accounts_seen: AccountsSeen | null
  }
  mirror_account: {
    organization_id: OrganizationId
    is_management: boolean
    tags: NonNullable<Account['tags']> | null
    parents: NonNullable<Account['parents']> | null
    parent: string | null
  } & Omit<Account, 'isManagement' | 'tags' | 'parents' | 'parent'>
  adopted_account: { organization_id: OrganizationId; account_id: AccountId }
  mirror_permission_set: {
    organization_id: OrganizationId
    arn: PermissionSetArn
    name: string
    description: string
    session_duration: string
  }
  mirror_user: {
    organization_id: OrganizationId
    id: AwsUserId
    user_name: string
    display_name: string
    email: string
    external_id: string | null
    active: boolean | null
  }
  mirror_group: {
    organization_id: OrganizationId
    id: AwsGroupId
    display_name: string
    external_id: string | null
  }
  mirror_member: { organization_id: OrganizationId; group_id: AwsGroupId; user_id: AwsUserId }
  mirror_assignment: { organization_id: OrganizationId; principal: AwsPrincipalKey; grant_key: GrantKey }
  mirror_principal: { organization_id: OrganizationId; principal: AwsPrincipalKey; read_at: Date }
  finding: {
    organization_id: OrganizationId
    id: string
    kind: Finding['kind']
    message: string
    found_at: Date
    amount: number | null
  }
  remembered_assignment: RememberedTable<AssignmentKey>
  remembered_member: RememberedTable<MembershipKey>
  made_assignment: { organization_id: OrganizationId; key: AssignmentKey }
  found_assignment: { organization_id: OrganizationId; key: AssignmentKey }
  done_removal: { id: Generated<string>; organization_id: OrganizationId; kind: RemovalKind; done_at: Date }
  released_removal: { organization_id: OrganizationId; key: string }
  journal_entry: JournalTable
  audit_event: AuditEventTable
  audit_head: { seq: string; hash: string }
  password: {
    user_id: UserId
    hash: string
    failures: number
    locked_until: ColumnType<Date | null, string | null, string | null>
  }
  session: SessionTable
  device_code: DeviceCodeTable
  password_link: {
    token_hash: string
    user_id: UserId
    created_by: string
    expires_at: ColumnType<Date, string, string>
  }
  secret: { kind: string; subject: string; sealed: Buffer; given_at: Generated<Date | null> }
  enrolment: EnrolmentTable
  signing_key: SigningKeyTable
  lease: { name: string; holder: string; token: string; expires_at: Date }
}

interface OrganizationTable {
  id: OrganizationId
  name: string
  name_key: string
  instance_arn: string
  region: string
  identity_store_id: string
  management_account: string
  mode: Organization['mode']
  hybrid: boolean
  credentials: Organization['credentials']
  scim_url: string
  start_url: string
  portal_url: string
  default_owners: Organization['defaultOwners']
  account_filter: Organization['accountFilter']
  group_filter: Organization['groupFilter']
  user_filter: Organization['userFilter']
  drift_policy: Organization['driftPolicy']
  removal_budget: Organization['removalBudget']
  roles_sync_mode: Organization['rolesSyncMode']
  created_at: Date
  revision: number
  withdrawal: NonNullable<Organization['withdrawal']> | null
}

interface UserTable {
  id: UserId
  name: UserName
  name_key: string
  roles: User['roles']
  traits: User['traits']
  labels: User['labels']
  created_at: Date
  revision: number
}

interface RoleTable extends Omit<Role, 'name'> {
  name: RoleName
  name_key: string
}

interface ReviewTable {
  id: AccessListReview['id']
  seq: Generated<string>
  list_id: AccessListId
  reviewer: AccessListReview['reviewer']
  reviewed_at: Date
  notes: string
  changes: AccessListReview['changes']
  next_review_at: Date | null
}

interface ReviewDraftTable {
  list_id: AccessListId
  user_id: UserId
  version: string
  next_review_at: Date | null
  verdicts: ReviewDraft['verdicts']
  rest_of: number | null
  notes: string
  saved_at: Date
}

interface ListTable {
  id: AccessListId
  title: string
  title_key: string
  description: string
  type: AccessList['type']
  labels: AccessList['labels']
  membership_requires: AccessList['membershipRequires']
  ownership_requires: AccessList['ownershipRequires']
  grants: AccessList['grants']
  owner_grants: AccessList['ownerGrants']
  review_every_months: AccessList['audit']['frequencyMonths']
  review_day: AccessList['audit']['dayOfMonth']
  next_review_at: Date | null
  review_notice_ms: string
  suspend_after_ms: string | null
  required_reviewers: number
  sign_offs: AccessList['signOffs']
  escalation: AccessList['escalation'] | null
  reminded: AccessList['reminded'] | null
  asked_removals: AccessList['askedRemovals'] | null
  revision: number
}

interface OwnerTable {
  list_id: AccessListId
  kind: AccessList['owners'][number]['kind']
  key: string
  user_id: UserId | null
  inner_list_id: AccessListId | null
  description: string
  position: number
}

interface MemberTable {
  list_id: AccessListId
  kind: AccessList['members'][number]['kind']
  key: string
  user_id: UserId | null
  inner_list_id: AccessListId | null
  aws_user_id: AwsUserId | null
  aws_user_name: string | null
  joined_at: Date
  expires_at: Date | null
  reason: string
  added_by: string
}

interface RequestTable {
  id: AccessRequestId
  user_id: UserId
  roles: AccessRequest['roles']
  resources: AccessRequest['resources']
  reason: string
  suggested_reviewers: AccessRequest['suggestedReviewers']
  annotations: AccessRequest['annotations']
  thresholds: AccessRequest['thresholds']
  role_thresholds: AccessRequest['roleThresholds']
  reviews: AccessRequest['reviews']
  created_at: Date
  pending_until: Date
  duration_ms: string
  assume_start_time: Date | null
  revision: number
  state: AccessRequest['state']
  resolved_at: Date | null
  resolve_reason: string | null
  starts_at: Date | null
  expires_at: Date | null
  promoted_into: AccessListId | null
  applications: AccessRequest['applications']
  long_term: NonNullable<AccessRequest['longTerm']> | null
  bundles: AccessRequest['bundles']
  prolongs: AccessRequestId | null
  automatic: NonNullable<AccessRequest['automatic']> | null
  checked_at: Date | null
  approved_grants: readonly ApprovedGrants[] | null
  approved_roles: Readonly<Record<string, string>> | null
  approved_sets: Readonly<Record<string, string>> | null
  set_changes: readonly SetChange[] | null
  rows_out: readonly RowOut[]
}

interface LockTable {
  id: LockId
  target_kind: Lock['target']['kind']
  target: string
  message: string
  created_at: Date
  created_by: string
  expires_at: Date | null
  revision: number
}

interface ServiceProviderTable {
  name: ServiceProvider['name']
  name_key: string
  labels: ServiceProvider['labels']
  entity_descriptor: string
  preset: ServiceProvider['preset']
  relay_state: string
  attribute_mapping: ServiceProvider['attributeMapping']
  launch_urls: ServiceProvider['launchUrls']
  entity_id: string
  metadata: ServiceProvider['metadata']
  revision: number
}

interface ApprovalRuleTable {
  name: ApprovalRule['name']
  name_key: string
  description: string
  labels: ApprovalRule['labels']
  conditions: ApprovalRule['when']
  effect: ApprovalRule['effect']
  authors: ApprovalRule['authors']
  revision: number
}

interface BundleTable {
  name: Bundle['name']
  name_key: string
  title: string
  description: string
  labels: Bundle['labels']
  accounts: Bundle['accounts']
  permission_sets: Bundle['permissionSets']
  exclude: Bundle['exclude']
  revision: number
}

interface SamlRequestTable {
  issuer: string
  request_id: string
  id_hash: string
  content: KeptRequest
  expires_at: Date
  answered: boolean
}

interface SamlKeyTable {
  fingerprint: string
  certificate: string
  sealed: Buffer
  is_active: boolean
  created_at: Date
  expires_at: Date
}

interface UserLinkTable {
  organization_id: OrganizationId
  user_id: UserId
  aws_user_id: AwsUserId
  origin: UserLink['origin']
  pushed: UserLink['pushed']
  assignments_adopted: boolean
  user_deleted: boolean
  aws_user_name: string | null
}

interface GroupLinkTable {
  organization_id: OrganizationId
  group_key: GroupKey
  list_id: AccessListId
  side: GroupLink['side']
  aws_group_id: AwsGroupId
  origin: GroupLink['origin']
  pushed_title: string
  adopted_under: string | null
  contents_adopted: boolean
  ending: Exclude<GroupLink['ending'], undefined> | null
}

interface RememberedTable<Key> {
  organization_id: OrganizationId
  key: Key
  confirmed: boolean
  until_at: Date | null
  subjects: Remembered['subjects']
  ending: Exclude<Remembered['ending'], undefined> | null
}

interface JournalTable {
  organization_id: OrganizationId
  id: string
  key: string
  kind: string
  state: JournalEntry['state']
  payload: unknown
  things: JournalEntry['things']
  request_id: string | null
  attempts: number
  not_before: Date | null
  error: string | null
  created_at: Date
  updated_at: Date
}

interface AuditEventTable {
  seq: string
  uid: string
  event: AuditEventName
  code: string
  happened_at: Date
  user_name: string | null
  subjects: Subject[]
  fields: Readonly<Record<string, unknown>>
  previous_hash: string
  hash: string
}

interface SessionTable {
  token_hash: string
  user_id: UserId
  kind: StoredSession['kind']
  created_at: ColumnType<Date, string, string>
  last_seen_at: ColumnType<Date, string, string>
  expires_at: ColumnType<Date, string, string>
  assumed: ColumnType<readonly string[], string, string>
  address: string | null
  machine: string | null
}

interface DeviceCodeTable {
  code_hash: string
  user_code_hash: string
  machine: string
  address: string
  created_at: ColumnType<Date, string, string>
  expires_at: ColumnType<Date, string, string>
  interval_seconds: number
  polled_at: ColumnType<Date | null, string | null, string | null>
  state: DeviceCode['state']
  user_id: UserId | null
  /** The one that confirmed it, and with which it goes. */
  session_hash: string | null
}

interface EnrolmentTable {
  name: string
  revision: number
  content: EnrolmentDraft
}

interface SigningKeyTable {
  kid: string
  public_key: ColumnType<Readonly<Record<string, unknown>>, string, string>
  sealed: Buffer
  created_at: ColumnType<Date, string, string>
  retired_at: ColumnType<Date | null, string | null, string | null>
}
