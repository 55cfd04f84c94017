-- Makes an extension as the superuser, for a role that may not: the extension and
-- nothing else. Installed in every database of a trial in which one is made so.
--
-- Whoever calls it gets what migvet_provided() lists, in the first schema of his own search path or the one that he names. As with a
-- trusted extension the caller owns the extension, and the superuser what is in it.
-- https://www.postgresql.org/docs/current/sql-createextension.html

SET allow_system_table_mods = on;

-- Makes what stands in for an extension that the server does not have: its script makes
-- the objects, which belong to a row of pg_extension as those of a real one do, so that
-- COMMENT ON EXTENSION and DROP EXTENSION find it.
CREATE FUNCTION pg_catalog.migvet_stand_in(extension text, script text, schema text, version text, missing bool, caller name) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  first_oid constant oid := 16384; -- of objects that are not PostgreSQL's own
  before oid[];
  made oid;
  item record;
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = extension) THEN
    IF NOT missing THEN
      RAISE EXCEPTION 'extension "%" already exists', extension USING ERRCODE = '42710';
    END IF;
    RAISE NOTICE 'extension "%" already exists, skipping', extension USING ERRCODE = '42710';
    RETURN;
  END IF;
  IF schema IS NULL THEN
    RAISE EXCEPTION 'no schema has been selected to create in' USING ERRCODE = '3F000';
  END IF;
  before := ARRAY(SELECT oid FROM pg_namespace WHERE oid >= first_oid UNION ALL SELECT oid FROM pg_class WHERE oid >= first_oid
    UNION ALL SELECT oid FROM pg_type WHERE oid >= first_oid UNION ALL SELECT oid FROM pg_proc WHERE oid >= first_oid);
  PERFORM set_config('search_path', quote_ident(schema) || ', pg_temp', true); -- last, where no type of a stranger's is found first
  EXECUTE script;
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  IF to_regnamespace(quote_ident(schema)) IS NULL THEN -- the script may have made it
    RAISE EXCEPTION 'schema "%" does not exist', schema USING ERRCODE = '3F000';
  END IF;

  made := pg_nextoid('pg_extension', 'oid', 'pg_extension_oid_index');
  INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    SELECT made, extension, r.oid, n.oid, false, version FROM pg_roles r, pg_namespace n WHERE r.rolname = caller AND n.nspname = schema;
  INSERT INTO pg_shdepend (dbid, classid, objid, objsubid, refclassid, refobjid, deptype)
    SELECT d.oid, 'pg_extension'::regclass, made, 0, 'pg_authid'::regclass, r.oid, 'o'
    FROM pg_roles r, pg_database d WHERE r.rolname = caller AND d.datname = current_database();
  FOR item IN
    SELECT 'pg_namespace'::regclass AS class, oid, format('SCHEMA %I', nspname) AS named FROM pg_namespace WHERE oid >= first_oid
    UNION ALL SELECT 'pg_class'::regclass, oid, format('TABLE %s', oid::regclass) FROM pg_class c WHERE oid >= first_oid AND relkind IN ('r', 'v', 'S')
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype IN ('a', 'i'))
    UNION ALL SELECT 'pg_type'::regclass, oid, format(CASE typtype WHEN 'd' THEN 'DOMAIN %s' ELSE 'TYPE %s' END, oid::regtype) FROM pg_type t
      WHERE oid >= first_oid AND typtype IN ('d', 'e', 'c') AND NOT EXISTS (SELECT FROM pg_class WHERE oid = t.typrelid AND relkind <> 'c')
    UNION ALL SELECT 'pg_proc'::regclass, oid, format('ROUTINE %s', oid::regprocedure) FROM pg_proc WHERE oid >= first_oid
  LOOP
    CONTINUE WHEN item.oid = ANY (before);
    EXECUTE format('ALTER %s OWNER TO %I', item.named, caller);
    INSERT INTO pg_depend (classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype)
      VALUES (item.class, item.oid, 0, 'pg_extension'::regclass, made, 0, 'e');
  END LOOP;
  INSERT INTO pg_init_privs (objoid, classoid, objsubid, privtype, initprivs)
    SELECT oid, 'pg_namespace'::regclass, 0, 'e', nspacl FROM pg_namespace WHERE oid >= first_oid AND oid <> ALL (before) AND nspacl IS NOT NULL;
END
$$;

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
  IF migvet_script(extension) IS NOT NULL THEN
    PERFORM migvet_stand_in(extension, migvet_script(extension), coalesce(schema, first_schema), coalesce(version, '1.0'), missing, caller);
    RETURN;
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
