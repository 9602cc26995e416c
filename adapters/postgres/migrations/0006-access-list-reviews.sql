-- 0006-access-list-reviews.sql: owners review their lists. A list that has had no date for it gets one, counted from today.
-- Defaults stay for servers of the version before, which write lists without these columns.

alter table access_list
  add column review_notice_ms bigint not null default 1209600000 check (review_notice_ms >= 0),
  add column suspend_after_ms bigint check (suspend_after_ms >= 0),
  add column required_reviewers integer not null default 1 check (required_reviewers between 1 and 10),
  add column sign_offs jsonb not null default '[]' check (jsonb_typeof(sign_offs) = 'array');

update access_list set next_review_at = (
  date_trunc('month', now() at time zone 'UTC') + make_interval(months => review_every_months)
  + case review_day when 31 then interval '1 month' - interval '1 day' when 15 then interval '14 days' else interval '0' end
) at time zone 'UTC'
where type = '' and next_review_at is null;

-- A review outlives its list: it is also the record of what was decided. Names are as they were then.
create table access_list_review (
  id text primary key check (id <> ''),
  seq bigint not null generated always as identity,
  list_id text not null,
  reviewer text not null,
  reviewed_at timestamptz not null,
  notes text not null,
  changes jsonb not null check (jsonb_typeof(changes) = 'object'),
  next_review_at timestamptz
);
create index on access_list_review (list_id, seq);

-- Access is also taken away because a list is suspended, until somebody reviews it.
alter table remembered_assignment
  drop constraint remembered_assignment_ending_check,
  add check (ending ->> 'kind' in ('expired', 'decided', 'suspended', 'foreign', 'disappeared'));
alter table remembered_member
  drop constraint remembered_member_ending_check,
  add check (ending ->> 'kind' in ('expired', 'decided', 'suspended', 'foreign', 'disappeared'));
