-- 0015-device-codes-of-sessions.sql: a confirmed device code ends with the session that confirmed it.

-- Without one are codes that nobody has confirmed, and those that a version before this one confirms while both run:
-- they open no session here.
alter table device_code add column session_hash text
  constraint device_code_session references session on delete cascade;
alter table device_code add check (session_hash is null or state = 'confirmed');
create index on device_code (session_hash);
