-- 0017-what-readings-showed.sql: where accounts stand to the filter, of how much a doubt is, and who kept drift.

-- Empty until the first sweep of this version: what came in during that one is not told apart.
alter table organization_progress add column accounts_seen jsonb;

-- Empty where nothing can be believed, and for what a version before this one finds while both run: its next sweep is of this one.
alter table finding add column amount integer check (amount > 0);
update finding set amount = substring(message from '^A read from AWS no longer shows ([0-9]{1,9}) of ')::integer
  where id like 'read-%';
update finding set amount = substring(message from '^([0-9]{1,9}) members or assignments of adopted')::integer
  where id = 'adopt-removals';

-- Empty for what was taken over unasked, and for what was kept before this version.
alter table adopted_assignment add column kept_by text;
