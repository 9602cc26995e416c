-- 0004-sign-in-and-secrets.sql: hashes of what people know, ciphertexts of what we must know, and who leads.

create table password (
  user_id text primary key constraint password_user references local_user on delete cascade,
  hash text not null check (hash like '$%'),
  failures integer not null check (failures >= 0),
  locked_until timestamptz
);

create table session (
  token_hash text primary key,
  user_id text not null constraint session_user_exists references local_user on delete cascade,
  kind text not null check (kind in ('web', 'cli')),
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  assumed jsonb not null check (jsonb_typeof(assumed) = 'array')
);
create index on session (user_id);

create table password_link (
  token_hash text primary key,
  user_id text not null constraint password_link_user references local_user on delete cascade,
  created_by text not null,
  expires_at timestamptz not null
);
create index on password_link (user_id);

-- sealed: version, key id, nonce, tag and ciphertext, see docs/decisions/0003-secrets-at-rest.md
create table secret (
  kind text not null,
  subject text not null,
  sealed bytea not null,
  primary key (kind, subject)
);

create table signing_key (
  kid text primary key,
  public_key jsonb not null check (public_key ->> 'kid' = kid),
  sealed bytea not null,
  created_at timestamptz not null,
  retired_at timestamptz
);
-- One key signs at a time.
create unique index signing_key_active on signing_key ((true)) where retired_at is null;

-- The token grows with every change of holder, so a row is never deleted.
create table lease (
  name text primary key,
  holder text not null,
  token bigint not null check (token > 0),
  expires_at timestamptz not null
);
