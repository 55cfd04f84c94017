-- Up Migration
ALTER TABLE app.users ADD COLUMN name text;
ALTER TABLE events ADD COLUMN name text;

-- Down Migration
ALTER TABLE events DROP COLUMN name;
ALTER TABLE users DROP COLUMN name;
