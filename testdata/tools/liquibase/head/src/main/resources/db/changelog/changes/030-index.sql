--liquibase formatted sql

--changeset bob:index runInTransaction:false
CREATE INDEX CONCURRENTLY users_name ON users (name);
CREATE INDEX CONCURRENTLY users_id_name ON users (id, name);

--changeset bob:always runAlways:true
COMMENT ON TABLE users IS 'seen again';
