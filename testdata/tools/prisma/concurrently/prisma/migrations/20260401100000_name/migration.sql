ALTER TABLE users ADD COLUMN name text;
CREATE INDEX CONCURRENTLY users_name ON users (name);
