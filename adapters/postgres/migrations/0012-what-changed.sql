-- 0012-what-changed.sql: which records each commit has changed, so that a copy of them is brought up to date by reading
-- these alone; and a version of each organization's accounts and permission sets. Triggers write both, so a server of
-- the version before does, too. Rows of old versions are deleted: whoever is that far behind reads everything.

create table record_change (
  version bigint not null,
  kind text not null,
  key text[] not null
);
create index on record_change (version);

-- A commit holds the lock on records_version and counts it up at its end, so what it changes belongs to the next version.
create function note_record_change() returns trigger language plpgsql as $$
begin
  execute format(
    'insert into record_change (version, kind, key)
     select latest.version + 1, %L, array[%s] from changed, records_version as latest group by 1, 2, 3',
    tg_argv[0], tg_argv[1]
  );
  return null;
end
$$;

do $$
declare
  source record;
begin
  for source in
    select * from (values
      ('organization', 'organization', 'id'),
      ('local_user', 'local_user', 'id'),
      ('role', 'role', 'name'),
      ('access_list', 'access_list', 'id'),
      ('access_list_owner', 'access_list', 'list_id'),
      ('access_list_member', 'access_list_member', 'list_id, kind, key'),
      ('access_request', 'access_request', 'id'),
      ('lock', 'lock', 'id'),
      ('service_provider', 'service_provider', 'name'),
      ('bundle', 'bundle', 'name'),
      ('approval_rule', 'approval_rule', 'name'),
      ('user_link', 'user_link', 'organization_id, user_id'),
      ('group_link', 'group_link', 'organization_id, group_key'),
      ('adopted_assignment', 'adopted_assignment', 'organization_id, user_id, grant_key')
    ) as source (table_name, kind, key_columns)
  loop
    execute format(
      'create trigger note_insert after insert on %I referencing new table as changed
       for each statement execute function note_record_change(%L, %L)',
      source.table_name, source.kind, source.key_columns
    );
    -- No key is ever updated, so the rows as they are now say enough.
    execute format(
      'create trigger note_update after update on %I referencing new table as changed
       for each statement execute function note_record_change(%L, %L)',
      source.table_name, source.kind, source.key_columns
    );
    execute format(
      'create trigger note_delete after delete on %I referencing old table as changed
       for each statement execute function note_record_change(%L, %L)',
      source.table_name, source.kind, source.key_columns
    );
  end loop;
end
$$;

alter table organization_progress add column catalogue_version bigint not null default 0;

create function note_catalogue_change() returns trigger language plpgsql as $$
begin
  update organization_progress set catalogue_version = catalogue_version + 1
  where organization_id in (select organization_id from changed);
  return null;
end
$$;

do $$
declare
  source text;
begin
  foreach source in array array['mirror_account', 'mirror_permission_set'] loop
    execute format(
      'create trigger note_insert after insert on %I referencing new table as changed
       for each statement execute function note_catalogue_change()', source
    );
    execute format(
      'create trigger note_update after update on %I referencing new table as changed
       for each statement execute function note_catalogue_change()', source
    );
    execute format(
      'create trigger note_delete after delete on %I referencing old table as changed
       for each statement execute function note_catalogue_change()', source
    );
  end loop;
end
$$;

-- What one code or event came to in a span of time long ago, without walking back to it.
create index on audit_event (code, happened_at);
create index on audit_event (event, happened_at);
