-- +migrate Up notransaction
CREATE INDEX CONCURRENTLY users_name ON users (name);
CREATE INDEX CONCURRENTLY users_id_name ON users (id, name);

-- +migrate Down notransaction
DROP INDEX CONCURRENTLY users_name;
