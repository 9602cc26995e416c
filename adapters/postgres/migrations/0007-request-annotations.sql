-- 0007-request-annotations.sql: what the requester's roles said about a request when it was filed.

alter table access_request
  add column annotations jsonb not null default '{}' check (jsonb_typeof(annotations) = 'object');
