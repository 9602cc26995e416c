-- 0005-saml.sql: applications that people sign in to through us, requests of theirs that wait for their user, and the
-- keys that sign the answers.

create table service_provider (
  name text primary key check (name <> ''),
  name_key text not null constraint service_provider_name_taken unique deferrable initially deferred,
  labels jsonb not null check (jsonb_typeof(labels) = 'object'),
  entity_descriptor text not null,
  preset text not null,
  relay_state text not null,
  attribute_mapping jsonb not null check (jsonb_typeof(attribute_mapping) = 'array'),
  launch_urls jsonb not null check (jsonb_typeof(launch_urls) = 'array'),
  entity_id text not null constraint service_provider_entity_id_taken unique deferrable initially deferred,
  metadata jsonb not null check (jsonb_typeof(metadata) = 'object'),
  revision integer not null
);

-- A row outlives its answer until the request would be too old by itself, so that none is answered twice.
create table saml_request (
  issuer text not null,
  request_id text not null,
  id_hash text not null unique,
  content jsonb not null,
  expires_at timestamptz not null,
  answered boolean not null default false,
  primary key (issuer, request_id)
);
create index on saml_request (expires_at);

create table saml_key (
  fingerprint text primary key check (fingerprint ~ '^[0-9a-f]{64}$'),
  certificate text not null,
  sealed bytea not null,
  is_active boolean not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
-- One key signs at a time.
create unique index saml_key_active on saml_key ((true)) where is_active;
