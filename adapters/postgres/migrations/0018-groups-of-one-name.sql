-- 0018-groups-of-one-name.sql: groups of several organizations may be called alike, and titles of lists may not.

-- Empty where the list is called as its group, which is mostly so.
alter table group_link add column adopted_under text;
