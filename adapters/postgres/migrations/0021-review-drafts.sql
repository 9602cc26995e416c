-- 0021-review-drafts.sql: reviews that are begun and not filed. They are no records: nobody decides anything by them.

create table review_draft (
  list_id text not null constraint review_draft_list references access_list on delete cascade,
  user_id text not null constraint review_draft_user references local_user on delete cascade,
  version text not null check (version <> ''),
  -- The date of the list that it is for. Servers of the version before leave drafts for dates that have passed.
  next_review_at timestamptz,
  verdicts jsonb not null check (jsonb_typeof(verdicts) = 'object'),
  rest_of integer,
  notes text not null,
  saved_at timestamptz not null,
  primary key (list_id, user_id)
);
create index on review_draft (user_id);
