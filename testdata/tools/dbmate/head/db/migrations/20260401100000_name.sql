-- migrate:up
ALTER TABLE users ADD COLUMN name text;
ALTER TABLE users DROP COLUMN email;

-- migrate:down
ALTER TABLE users DROP COLUMN name;
