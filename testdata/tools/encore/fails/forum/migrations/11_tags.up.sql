CREATE TABLE tags (id bigint PRIMARY KEY);
CREATE INDEX CONCURRENTLY users_email ON users (email);
