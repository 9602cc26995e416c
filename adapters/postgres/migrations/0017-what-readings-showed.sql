-- 0017-what-readings-showed.sql: where accounts stand to the filter.

-- Empty until the first sweep of this version: what came in during that one is not told apart.
alter table organization_progress add column accounts_seen jsonb;
