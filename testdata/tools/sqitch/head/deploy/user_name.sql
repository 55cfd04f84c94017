-- Deploy forum:user_name to pg
-- requires: users
-- requires: posts
BEGIN;

ALTER TABLE users ADD COLUMN name text;
ALTER TABLE users DROP COLUMN email CASCADE;

COMMIT;
