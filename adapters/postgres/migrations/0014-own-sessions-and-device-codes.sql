-- 0014-own-sessions-and-device-codes.sql: people see their own sessions, and sign a command line in with the browser.

-- Where a session was opened, so that its owner knows it again. Of older ones that is not known.
alter table session add column address text;
alter table session add column machine text;

-- A command line that waits for somebody to confirm it in a browser. Deleted when its session is opened.
create table device_code (
  code_hash text primary key,
  user_code_hash text not null constraint device_code_user_code_taken unique,
  machine text not null,
  address text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  interval_seconds integer not null check (interval_seconds > 0),
  polled_at timestamptz,
  state text not null check (state in ('pending', 'confirmed', 'refused')),
  user_id text constraint device_code_user references local_user on delete cascade,
  check ((state = 'confirmed') = (user_id is not null))
);
create index on device_code (expires_at);
