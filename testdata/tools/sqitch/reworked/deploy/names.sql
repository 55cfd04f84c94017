-- Deploy forum:names to pg
BEGIN;

CREATE OR REPLACE FUNCTION name_of(users) RETURNS text LANGUAGE sql STABLE
    AS $$ SELECT $1.email $$;

COMMIT;
