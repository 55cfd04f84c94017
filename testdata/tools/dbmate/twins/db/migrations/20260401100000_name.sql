-- migrate:up
ALTER TABLE users ADD COLUMN name text;
-- migrate:down
