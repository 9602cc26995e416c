-- 0009-approvals.sql: what is approved row by row, checked before it begins, prolonged or decided by a rule; and the rules.
-- Defaults stay for servers of the version before, which write requests without these columns.

alter table access_request
  add column applications jsonb not null default '[]' check (jsonb_typeof(applications) = 'array'),
  add column long_term jsonb check (jsonb_typeof(long_term) = 'object'),
  add column bundles jsonb not null default '[]' check (jsonb_typeof(bundles) = 'array'),
  add column prolongs text,
  add column automatic jsonb check (jsonb_typeof(automatic) = 'object'),
  add column checked_at timestamptz,
  add column approved_grants jsonb check (jsonb_typeof(approved_grants) = 'array'),
  add column approved_roles jsonb check (jsonb_typeof(approved_roles) = 'object'),
  add column approved_sets jsonb check (jsonb_typeof(approved_sets) = 'object'),
  add column set_changes jsonb check (jsonb_typeof(set_changes) = 'array'),
  add column rows_out jsonb not null default '[]' check (jsonb_typeof(rows_out) = 'array');

-- What was approved before this stays in force. An access that has not begun yet is checked when it does.
update access_request set checked_at = starts_at where state = 'approved' and starts_at <= now();

create table approval_rule (
  name text primary key check (name <> ''),
  name_key text not null constraint approval_rule_name_taken unique deferrable initially deferred,
  description text not null,
  labels jsonb not null check (jsonb_typeof(labels) = 'object'),
  conditions jsonb not null check (jsonb_typeof(conditions) = 'object'),
  effect jsonb not null check (jsonb_typeof(effect) = 'object'),
  authors jsonb not null check (jsonb_typeof(authors) = 'array'),
  revision integer not null
);
