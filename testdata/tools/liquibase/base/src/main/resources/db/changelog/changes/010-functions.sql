--liquibase formatted sql
--property name:word value:touched

--changeset ann:touch splitStatements:false runOnChange:true
CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE NOTICE '${word}';
    RETURN NEW;
END
$$;
--rollback DROP FUNCTION touch();

--changeset ann:label endDelimiter:@@
CREATE FUNCTION label(a int) RETURNS int LANGUAGE sql AS 'SELECT a; SELECT a + 1'
@@
COMMENT ON FUNCTION label(int) IS 'ends; here'
@@
