-- 0008-audit-search.sql: the audit log is searched by code, by person and by time.

create index on audit_event (code, seq);
create index on audit_event (user_name, seq);
create index on audit_event (happened_at);
