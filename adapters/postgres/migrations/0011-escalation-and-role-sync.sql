-- 0011-escalation-and-role-sync.sql: overdue reviews go to further people, reminders are recorded once, removals that
-- another system has to carry out are kept until it has, and an organization can do without its derived roles.
-- A server of the version before writes lists and organizations without these columns.

alter table access_list
  add column escalation jsonb check (jsonb_typeof(escalation) = 'object'),
  add column reminded jsonb check (jsonb_typeof(reminded) = 'object'),
  add column asked_removals jsonb check (jsonb_typeof(asked_removals) = 'array');

alter table organization
  add column roles_sync_mode text not null default 'ALL' check (roles_sync_mode in ('ALL', 'NONE'));
