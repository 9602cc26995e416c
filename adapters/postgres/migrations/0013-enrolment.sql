-- 0013-enrolment.sql: enrolments that are not finished. What was given so far is kept whole; SCIM tokens are among the
-- other secrets, sealed.

create table enrolment (
  name text primary key,
  revision integer not null check (revision > 0),
  content jsonb not null check (content ->> 'name' = name)
);
