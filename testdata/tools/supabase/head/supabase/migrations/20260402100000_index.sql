CREATE INDEX CONCURRENTLY users_name ON users (name);
CREATE TABLE notes (
    id bigint PRIMARY KEY
);
