-- 0001-records.sql: what people decide. Every commit that changes one of these records counts records_version up by one.
--
-- Columns named …_key hold a name in lower case as the server folds it; lower() would fold it as each database's locale
-- does. Names, and lists in lists, are judged by the result of a commit, so their constraints are deferred: two records
-- can swap names, and lists can come and go together in any order.

create table records_version (
  singleton boolean primary key default true check (singleton),
  version bigint not null
);
insert into records_version (version) values (0);

create table organization (
  id text primary key check (id <> ''),
  name text not null check (name <> ''),
  name_key text not null constraint organization_name_taken unique deferrable initially deferred,
  instance_arn text not null constraint organization_instance_taken unique deferrable initially deferred,
  region text not null,
  identity_store_id text not null,
  management_account text not null,
  mode text not null check (mode in ('shadow', 'active')),
  hybrid boolean not null,
  credentials jsonb not null check (credentials ->> 'source' in ('oidc', 'system')),
  scim_url text not null,
  start_url text not null,
  portal_url text not null,
  default_owners jsonb not null check (jsonb_typeof(default_owners) = 'array'),
  account_filter jsonb not null check (jsonb_typeof(account_filter) = 'array'),
  group_filter jsonb not null check (jsonb_typeof(group_filter) = 'array'),
  user_filter jsonb not null check (jsonb_typeof(user_filter) = 'array'),
  drift_policy jsonb not null check (jsonb_typeof(drift_policy) = 'object'),
  removal_budget jsonb not null check (jsonb_typeof(removal_budget) = 'object'),
  created_at timestamptz not null,
  revision integer not null
);

-- "user" is a keyword that means the database's own user.
create table local_user (
  id text primary key check (id <> ''),
  name text not null check (name <> ''),
  name_key text not null constraint local_user_name_taken unique deferrable initially deferred,
  roles jsonb not null check (jsonb_typeof(roles) = 'array'),
  traits jsonb not null check (jsonb_typeof(traits) = 'object'),
  labels jsonb not null check (jsonb_typeof(labels) = 'object'),
  created_at timestamptz not null,
  revision integer not null
);

create table role (
  name text primary key check (name <> ''),
  name_key text not null constraint role_name_taken unique deferrable initially deferred,
  version text not null check (version in ('v3', 'v4', 'v5', 'v6', 'v7', 'v8')),
  description text not null,
  labels jsonb not null check (jsonb_typeof(labels) = 'object'),
  options jsonb not null check (jsonb_typeof(options) = 'object'),
  allow jsonb not null check (jsonb_typeof(allow) = 'object'),
  deny jsonb not null check (jsonb_typeof(deny) = 'object'),
  unused jsonb not null check (jsonb_typeof(unused) = 'object'),
  revision integer not null
);

create table access_list (
  id text primary key check (id <> ''),
  title text not null check (title <> ''),
  title_key text not null constraint access_list_title_taken unique deferrable initially deferred,
  description text not null,
  type text not null check (type in ('', 'static', 'scim')),
  labels jsonb not null check (jsonb_typeof(labels) = 'object'),
  membership_requires jsonb not null check (jsonb_typeof(membership_requires) = 'object'),
  ownership_requires jsonb not null check (jsonb_typeof(ownership_requires) = 'object'),
  grants jsonb not null check (jsonb_typeof(grants) = 'object'),
  owner_grants jsonb not null check (jsonb_typeof(owner_grants) = 'object'),
  review_every_months integer not null check (review_every_months in (1, 3, 6, 12)),
  review_day integer not null check (review_day in (1, 15, 31)),
  next_review_at timestamptz,
  revision integer not null
);

create table access_list_owner (
  list_id text not null references access_list on delete cascade,
  kind text not null check (kind in ('user', 'list')),
  key text not null generated always as (coalesce(user_id, inner_list_id)) stored,
  user_id text constraint access_list_owner_user references local_user on delete cascade,
  inner_list_id text constraint access_list_owner_list references access_list deferrable initially deferred,
  description text not null,
  position integer not null,
  primary key (list_id, kind, key),
  check ((kind = 'user') = (user_id is not null) and (kind = 'list') = (inner_list_id is not null))
);
create index on access_list_owner (user_id);
create index on access_list_owner (inner_list_id);

create table access_list_member (
  list_id text not null references access_list on delete cascade,
  kind text not null check (kind in ('user', 'list', 'aws-only')),
  key text not null generated always as (coalesce(user_id, inner_list_id, aws_user_id)) stored,
  user_id text constraint access_list_member_user references local_user on delete cascade,
  inner_list_id text constraint access_list_member_list references access_list deferrable initially deferred,
  aws_user_id text,
  aws_user_name text,
  joined_at timestamptz not null,
  expires_at timestamptz,
  reason text not null,
  added_by text not null,
  primary key (list_id, kind, key),
  check (
    (kind = 'user') = (user_id is not null)
    and (kind = 'list') = (inner_list_id is not null)
    and (kind = 'aws-only') = (aws_user_id is not null)
    and (kind = 'aws-only') = (aws_user_name is not null)
  )
);
create index on access_list_member (user_id);
create index on access_list_member (inner_list_id);

-- A request outlives its user, and a promoted one its list: it is also the record of what was decided.
create table access_request (
  id text primary key check (id <> ''),
  user_id text not null,
  roles jsonb not null check (jsonb_typeof(roles) = 'array'),
  resources jsonb not null check (jsonb_typeof(resources) = 'array'),
  reason text not null,
  suggested_reviewers jsonb not null check (jsonb_typeof(suggested_reviewers) = 'array'),
  thresholds jsonb not null check (jsonb_typeof(thresholds) = 'array'),
  role_thresholds jsonb not null check (jsonb_typeof(role_thresholds) = 'object'),
  reviews jsonb not null check (jsonb_typeof(reviews) = 'array'),
  created_at timestamptz not null,
  pending_until timestamptz not null,
  duration_ms bigint not null check (duration_ms >= 0),
  assume_start_time timestamptz,
  revision integer not null,
  state text not null check (state in ('pending', 'approved', 'denied', 'promoted')),
  resolved_at timestamptz,
  resolve_reason text,
  starts_at timestamptz,
  expires_at timestamptz,
  promoted_into text,
  check ((state = 'pending') = (resolved_at is null) and (state = 'pending') = (resolve_reason is null)),
  check ((state = 'approved') = (starts_at is not null) and (state = 'approved') = (expires_at is not null)),
  check ((state = 'promoted') = (promoted_into is not null))
);

-- A lock may name what does not exist (yet, or any more): it has to hold all the same.
create table lock (
  id text primary key check (id <> ''),
  target_kind text not null check (target_kind in ('user', 'role', 'access-request')),
  target text not null,
  message text not null,
  created_at timestamptz not null,
  created_by text not null,
  expires_at timestamptz,
  revision integer not null
);

-- Links outlive their user and list, until AWS has confirmed what has to go.
create table user_link (
  organization_id text not null constraint user_link_organization references organization,
  user_id text not null,
  aws_user_id text not null,
  origin text not null check (origin in ('created', 'adopted')),
  pushed jsonb not null check (jsonb_typeof(pushed) = 'object'),
  assignments_adopted boolean not null,
  user_deleted boolean not null,
  primary key (organization_id, user_id),
  constraint user_link_taken unique (organization_id, aws_user_id) deferrable initially deferred
);

create table group_link (
  organization_id text not null constraint group_link_organization references organization,
  group_key text not null check (group_key = list_id || '/' || side),
  list_id text not null,
  side text not null check (side in ('members', 'owners')),
  aws_group_id text not null,
  origin text not null check (origin in ('created', 'adopted')),
  pushed_title text not null,
  contents_adopted boolean not null,
  ending jsonb check (ending ->> 'how' in ('delete', 'release')),
  primary key (organization_id, group_key),
  constraint group_link_taken unique (organization_id, aws_group_id) deferrable initially deferred
);

create table adopted_assignment (
  organization_id text not null constraint adopted_assignment_organization references organization,
  user_id text not null constraint adopted_assignment_user references local_user on delete cascade,
  grant_key text not null check (grant_key like '%|%'),
  adopted_at timestamptz not null,
  primary key (organization_id, user_id, grant_key)
);
create index on adopted_assignment (user_id);
