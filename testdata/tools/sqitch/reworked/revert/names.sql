-- Deploy forum:names to pg
-- requires: users
\set ON_ERROR_STOP on
BEGIN;

CREATE FUNCTION name_of(users) RETURNS text LANGUAGE sql STABLE
    AS $$ SELECT split_part($1.email, '@', 1) $$;

COMMIT;
