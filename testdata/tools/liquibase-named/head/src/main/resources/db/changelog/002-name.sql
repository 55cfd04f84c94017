--liquibase formatted sql

--changeset ada:name
ALTER TABLE ops.users ADD COLUMN name text;
--rollback ALTER TABLE ops.users DROP COLUMN name;
