-- 0020-what-was-found.sql: which assignments were in AWS without us, so that making one of them again does not make it ours.

-- Of what is wanted and was lost in AWS, until it is wanted no longer.
create table found_assignment (
  organization_id text not null,
  key text not null check (key like 'USER:%' or key like 'GROUP:%'),
  primary key (organization_id, key)
);
