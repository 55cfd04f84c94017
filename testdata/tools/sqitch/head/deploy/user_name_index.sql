-- Deploy forum:user_name_index to pg
-- requires: user_name
CREATE INDEX CONCURRENTLY users_name ON users (name);
ANALYZE users;
