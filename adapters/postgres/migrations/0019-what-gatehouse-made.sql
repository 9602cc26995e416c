-- 0019-what-gatehouse-made.sql: which assignments in AWS writes of ours have made, and organizations of which they are being taken away.

-- Nothing of what was made before this version, which is left alone then: nobody can tell it from what was found.
create table made_assignment (
  organization_id text not null,
  key text not null check (key like 'USER:%' or key like 'GROUP:%'),
  primary key (organization_id, key)
);

-- Empty unless somebody removes the organization with what Gatehouse made in AWS. A server of the version before knows nothing of it, and goes on granting.
alter table organization add column withdrawal jsonb;
