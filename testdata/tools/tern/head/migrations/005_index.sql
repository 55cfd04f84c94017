---- tern: disable-tx ----
CREATE INDEX CONCURRENTLY users_name ON users (name);
CREATE INDEX CONCURRENTLY users_id_name ON users (id, name);

---- create above / drop below ----

---- tern: disable-tx ----
DROP INDEX CONCURRENTLY users_name;
