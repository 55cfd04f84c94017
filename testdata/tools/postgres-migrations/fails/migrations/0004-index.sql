ALTER TABLE users ADD COLUMN name text;
CREATE INDEX CONCURRENTLY users_email ON users (email);
