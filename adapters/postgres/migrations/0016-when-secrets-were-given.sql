-- 0016-when-secrets-were-given.sql: AWS ends a SCIM token a year after it was made, and nobody can ask AWS when that was.

-- Empty for what was given before this version, and for nothing else.
alter table secret add column given_at timestamptz;
alter table secret alter column given_at set default now();
