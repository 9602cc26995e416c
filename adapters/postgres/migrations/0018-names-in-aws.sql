-- 0018-names-in-aws.sql: what AWS calls people and groups that are called otherwise here.

-- Empty where the list is called as its group, which is mostly so: groups of several organizations may be called alike, and lists may not.
alter table group_link add column adopted_under text;
-- Empty where AWS knows the user by our name, and for what was linked before this version.
alter table user_link add column aws_user_name text;
