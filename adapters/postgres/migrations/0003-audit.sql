-- 0003-audit.sql: what happened, numbered without gaps, each event carrying the hash of the one before.
-- fields is json, not jsonb: it keeps the very text that was hashed.

create table audit_event (
  seq bigint primary key check (seq > 0),
  uid text not null unique,
  event text not null,
  code text not null,
  happened_at timestamptz not null,
  user_name text,
  subjects text[] not null,
  fields json not null,
  previous_hash text not null check (previous_hash ~ '^[0-9a-f]{64}$'),
  hash text not null check (hash ~ '^[0-9a-f]{64}$')
);
create index on audit_event using gin (subjects);
create index on audit_event (event, seq);

create table audit_head (
  singleton boolean primary key default true check (singleton),
  seq bigint not null,
  hash text not null
);
insert into audit_head (seq, hash) values (0, repeat('0', 64));

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end
$$;
create trigger append_only before update or delete on audit_event for each row execute function refuse_change();
create trigger never_emptied before truncate on audit_event for each statement execute function refuse_change();
