-- 0010-catalogue-and-bundles.sql: what AWS tells of accounts beyond their names, where it may be read; and named sets of
-- accounts x permission sets that are asked for as one.

-- Null: not known, which is not the same as none.
alter table mirror_account add column tags jsonb check (jsonb_typeof(tags) = 'object');
alter table mirror_account add column parents jsonb check (jsonb_typeof(parents) = 'array');
alter table mirror_account add column parent text;

create table bundle (
  name text primary key check (name <> ''),
  name_key text not null constraint bundle_name_taken unique deferrable initially deferred,
  title text not null,
  description text not null,
  labels jsonb not null check (jsonb_typeof(labels) = 'object'),
  accounts jsonb not null check (jsonb_typeof(accounts) = 'array'),
  permission_sets jsonb not null check (jsonb_typeof(permission_sets) = 'array'),
  exclude jsonb not null check (jsonb_typeof(exclude) = 'object'),
  revision integer not null
);
