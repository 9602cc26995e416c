-- 0002-mirror-and-memory.sql: what AWS held when we looked, what earlier rounds wanted there, and writes that are under
-- way. Only organization_progress refers to organization: the others are written by the thousand, always under a lock on
-- its row.

create table organization_progress (
  organization_id text primary key constraint organization_progress_organization references organization,
  swept_at timestamptz,
  round_seq bigint not null default 0,
  clock_floor timestamptz
);

create table mirror_account (
  organization_id text not null,
  id text not null,
  name text not null,
  arn text not null,
  email text not null,
  state text not null check (state in ('PENDING_ACTIVATION', 'ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED')),
  is_management boolean not null,
  primary key (organization_id, id)
);

create table adopted_account (
  organization_id text not null,
  account_id text not null,
  primary key (organization_id, account_id)
);

create table mirror_permission_set (
  organization_id text not null,
  arn text not null,
  name text not null,
  description text not null,
  session_duration text not null,
  primary key (organization_id, arn)
);

create table mirror_user (
  organization_id text not null,
  id text not null,
  user_name text not null,
  display_name text not null,
  email text not null,
  external_id text,
  active boolean,
  primary key (organization_id, id)
);

create table mirror_group (
  organization_id text not null,
  id text not null,
  display_name text not null,
  external_id text,
  primary key (organization_id, id)
);

create table mirror_member (
  organization_id text not null,
  group_id text not null,
  user_id text not null,
  primary key (organization_id, group_id, user_id),
  foreign key (organization_id, group_id) references mirror_group on delete cascade
);
create index on mirror_member (organization_id, user_id);

create table mirror_assignment (
  organization_id text not null,
  principal text not null check (principal like 'USER:%' or principal like 'GROUP:%'),
  grant_key text not null check (grant_key like '%|%'),
  primary key (organization_id, principal, grant_key)
);

-- A principal without a row here was never read whole, whatever assignments of it are known.
create table mirror_principal (
  organization_id text not null,
  principal text not null check (principal like 'USER:%' or principal like 'GROUP:%'),
  read_at timestamptz not null,
  primary key (organization_id, principal)
);

create table finding (
  organization_id text not null,
  id text not null,
  kind text not null check (kind in ('assignment', 'member', 'group', 'user', 'account', 'permission-set')),
  message text not null,
  found_at timestamptz not null,
  primary key (organization_id, id)
);

create table remembered_assignment (
  organization_id text not null,
  key text not null,
  confirmed boolean not null,
  until_at timestamptz,
  subjects jsonb not null check (jsonb_typeof(subjects) = 'array'),
  ending jsonb check (ending ->> 'kind' in ('expired', 'decided', 'foreign', 'disappeared')),
  primary key (organization_id, key)
);

create table remembered_member (
  organization_id text not null,
  key text not null,
  confirmed boolean not null,
  until_at timestamptz,
  subjects jsonb not null check (jsonb_typeof(subjects) = 'array'),
  ending jsonb check (ending ->> 'kind' in ('expired', 'decided', 'foreign', 'disappeared')),
  primary key (organization_id, key)
);

create table done_removal (
  id bigint primary key generated always as identity,
  organization_id text not null,
  kind text not null check (kind in ('assignment', 'member', 'group', 'user')),
  done_at timestamptz not null
);
create index on done_removal (organization_id, done_at);

create table released_removal (
  organization_id text not null,
  key text not null,
  primary key (organization_id, key)
);

create table journal_entry (
  organization_id text not null,
  id text not null,
  key text not null,
  kind text not null,
  state text not null check (state in ('intended', 'sent', 'failed', 'unknown')),
  payload jsonb not null,
  things jsonb not null check (jsonb_typeof(things) = 'array'),
  request_id text,
  attempts integer not null check (attempts >= 0),
  not_before timestamptz,
  error text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id)
);
