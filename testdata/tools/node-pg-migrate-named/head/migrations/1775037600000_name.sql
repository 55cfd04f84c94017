-- Up Migration
ALTER TABLE users ADD COLUMN name text;

-- Down Migration
ALTER TABLE users DROP COLUMN name;
