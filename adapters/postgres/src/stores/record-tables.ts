import { bulkTable } from './bulk.ts'

export const ORGANIZATION = bulkTable('organization', ['id'], {
  id: 'text',
  name: 'text',
  name_key: 'text',
  instance_arn: 'text',
  region: 'text',
  identity_store_id: 'text',
  management_account: 'text',
  mode: 'text',
  hybrid: 'boolean',
  credentials: 'jsonb',
  scim_url: 'text',
  start_url: 'text',
  portal_url: 'text',
  default_owners: 'jsonb',
  account_filter: 'jsonb',
  group_filter: 'jsonb',
  user_filter: 'jsonb',
  drift_policy: 'jsonb',
  removal_budget: 'jsonb',
  roles_sync_mode: 'text',
  created_at: 'timestamptz',
  revision: 'integer',
  withdrawal: 'jsonb',
})

export const LOCAL_USER = bulkTable('local_user', ['id'], {
  id: 'text',
  name: 'text',
  name_key: 'text',
  roles: 'jsonb',
  traits: 'jsonb',
  labels: 'jsonb',
  created_at: 'timestamptz',
  revision: 'integer',
})

export const ROLE = bulkTable('role', ['name'], {
  name: 'text',
  name_key: 'text',
  version: 'text',
  description: 'text',
  labels: 'jsonb',
  options: 'jsonb',
  allow: 'jsonb',
  deny: 'jsonb',
  unused: 'jsonb',
  revision: 'integer',
})

export const ACCESS_LIST = bulkTable('access_list', ['id'], {
  id: 'text',
  title: 'text',
  title_key: 'text',
  description: 'text',
  type: 'text',
  labels: 'jsonb',
  membership_requires: 'jsonb',
  ownership_requires: 'jsonb',
  grants: 'jsonb',
  owner_grants: 'jsonb',
  review_every_months: 'integer',
  review_day: 'integer',
  next_review_at: 'timestamptz',
  review_notice_ms: 'bigint',
  suspend_after_ms: 'bigint',
  required_reviewers: 'integer',
  sign_offs: 'jsonb',
  escalation: 'jsonb',
  reminded: 'jsonb',
  asked_removals: 'jsonb',
  revision: 'integer',
})

export const ACCESS_REQUEST = bulkTable('access_request', ['id'], {
  id: 'text',
  user_id: 'text',
  roles: 'jsonb',
  resources: 'jsonb',
  reason: 'text',
  suggested_reviewers: 'jsonb',
  annotations: 'jsonb',
  thresholds: 'jsonb',
  role_thresholds: 'jsonb',
  reviews: 'jsonb',
  created_at: 'timestamptz',
  pending_until: 'timestamptz',
  duration_ms: 'bigint',
  assume_start_time: 'timestamptz',
  revision: 'integer',
  state: 'text',
  resolved_at: 'timestamptz',
  resolve_reason: 'text',
  starts_at: 'timestamptz',
  expires_at: 'timestamptz',
  promoted_into: 'text',
  applications: 'jsonb',
  long_term: 'jsonb',
  bundles: 'jsonb',
  prolongs: 'text',
  automatic: 'jsonb',
  checked_at: 'timestamptz',
  approved_grants: 'jsonb',
  approved_roles: 'jsonb',
  approved_sets: 'jsonb',
  set_changes: 'jsonb',
  rows_out: 'jsonb',
})

export const LOCK = bulkTable('lock', ['id'], {
  id: 'text',
  target_kind: 'text',
  target: 'text',
  message: 'text',
  created_at: 'timestamptz',
  created_by: 'text',
  expires_at: 'timestamptz',
  revision: 'integer',
})

export const SERVICE_PROVIDER = bulkTable('service_provider', ['name'], {
  name: 'text',
  name_key: 'text',
  labels: 'jsonb',
  entity_descriptor: 'text',
  preset: 'text',
  relay_state: 'text',
  attribute_mapping: 'jsonb',
  launch_urls: 'jsonb',
  entity_id: 'text',
  metadata: 'jsonb',
  revision: 'integer',
})

export const BUNDLE = bulkTable('bundle', ['name'], {
  name: 'text',
  name_key: 'text',
  title: 'text',
  description: 'text',
  labels: 'jsonb',
  accounts: 'jsonb',
  permission_sets: 'jsonb',
  exclude: 'jsonb',
  revision: 'integer',
})

export const APPROVAL_RULE = bulkTable('approval_rule', ['name'], {
  name: 'text',
  name_key: 'text',
  description: 'text',
  labels: 'jsonb',
  conditions: 'jsonb',
  effect: 'jsonb',
  authors: 'jsonb',
  revision: 'integer',
})

export const USER_LINK = bulkTable('user_link', ['organization_id', 'user_id'], {
  organization_id: 'text',
  user_id: 'text',
  aws_user_id: 'text',
  origin: 'text',
  pushed: 'jsonb',
  assignments_adopted: 'boolean',
  user_deleted: 'boolean',
  aws_user_name: 'text',
})

export const GROUP_LINK = bulkTable('group_link', ['organization_id', 'group_key'], {
  organization_id: 'text',
  group_key: 'text',
  list_id: 'text',
  side: 'text',
  aws_group_id: 'text',
  origin: 'text',
  pushed_title: 'text',
  adopted_under: 'text',
  contents_adopted: 'boolean',
  ending: 'jsonb',
})

export const ADOPTED_ASSIGNMENT = bulkTable('adopted_assignment', ['organization_id', 'user_id', 'grant_key'], {
  organization_id: 'text',
  user_id: 'text',
  grant_key: 'text',
  adopted_at: 'timestamptz',
  kept_by: 'text',
})

/** What refers to another comes after it. */
export const RECORD_TABLES = [
  ORGANIZATION,
  LOCAL_USER,
  ROLE,
  ACCESS_LIST,
  ACCESS_REQUEST,
  LOCK,
  SERVICE_PROVIDER,
  BUNDLE,
  APPROVAL_RULE,
  USER_LINK,
  GROUP_LINK,
  ADOPTED_ASSIGNMENT,
]
