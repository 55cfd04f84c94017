-- Makes an extension as the superuser, for a role that may not: the extension and
-- nothing else. Installed in every database of a trial in which one is made so.
--
-- Whoever calls it gets what migvet_provided() lists, in the first schema of his own search path or the one that he names. As with a
-- trusted extension the caller owns the extension, and the superuser what is in it.
-- https://www.postgresql.org/docs/current/sql-createextension.html

SET allow_system_table_mods = on;

CREATE FUNCTION pg_catalog.migvet_extension(extension text, schema text, version text, missing bool, required bool, first_schema name, caller name) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  before oid[] := ARRAY(SELECT oid FROM pg_extension);
  command text := format('CREATE EXTENSION %s%I%s%s%s', CASE WHEN missing THEN 'IF NOT EXISTS ' ELSE '' END, extension,
    ' SCHEMA ' || quote_ident(schema), ' VERSION ' || quote_literal(version), CASE WHEN required THEN ' CASCADE' ELSE '' END);
BEGIN
  IF NOT extension = ANY (migvet_provided()) THEN
    RAISE EXCEPTION 'permission denied to create extension "%"', extension USING ERRCODE = '42501';
  END IF;
  IF starts_with(coalesce(schema, first_schema), 'pg_') THEN
    RAISE EXCEPTION 'permission denied for schema %', coalesce(schema, first_schema) USING ERRCODE = '42501';
  END IF;
  -- Without SCHEMA, an extension goes where its control file says, or into the first
  -- schema of the path. Nothing but the command is looked up under it.
  PERFORM set_config('search_path', coalesce(quote_ident(first_schema), ''), true);
  EXECUTE command;
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  INSERT INTO pg_shdepend (dbid, classid, objid, objsubid, refclassid, refobjid, deptype)
    SELECT d.oid, 'pg_extension'::regclass, e.oid, 0, 'pg_authid'::regclass, r.oid, 'o'
    FROM pg_extension e, pg_roles r, pg_database d
    WHERE e.oid <> ALL (before) AND r.rolname = caller AND NOT r.rolsuper AND d.datname = current_database();
  UPDATE pg_extension e SET extowner = r.oid FROM pg_roles r WHERE e.oid <> ALL (before) AND r.rolname = caller AND NOT r.rolsuper;
END
$$;

RESET allow_system_table_mods;
