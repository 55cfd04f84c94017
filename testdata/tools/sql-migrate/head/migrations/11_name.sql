-- +migrate Up
ALTER TABLE users ADD COLUMN name text;
ALTER TABLE users DROP COLUMN email;

-- +migrate Down
ALTER TABLE users DROP COLUMN name;
