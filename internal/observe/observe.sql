-- What migvet asks the server while it watches a migration. Installed by the
-- superuser, once, in the database that all others are copied from.
--
-- The functions live in pg_catalog, where no "all functions of the schema" of a
-- migration reaches them. Each sets its own search_path, so that nothing a
-- migration defines is called instead of what is meant; pg_temp stands last in
-- it, or temporary tables would hide the catalogs. They run with the rights of
-- the session: what they read may run a migration's own code.

SET allow_system_table_mods = on;

-- Answers travel as base64: a migration may set any client_encoding.
CREATE FUNCTION pg_catalog.migvet_pack(answer json) RETURNS text
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
SELECT encode(convert_to(answer::text, 'UTF8'), 'base64')
$$;

-- Relations of users, the locks this session holds on them, the calls of
-- functions in its transaction, and whether the event triggers below are at work.
CREATE FUNCTION pg_catalog.migvet_snapshot() RETURNS text
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
SELECT migvet_pack(json_build_object(
  'relations', coalesce((
    SELECT json_agg(json_build_object(
      'oid', c.oid::int8, 'schema', n.nspname, 'name', c.relname, 'kind', c.relkind,
      'quoted', format('%I.%I', n.nspname, c.relname),
      'table', coalesce(i.indrelid, 0)::int8,
      'parent', coalesce(h.inhparent, 0)::int8,
      'clustered', coalesce(i.indisclustered, false),
      'file', coalesce(pg_relation_filenode(c.oid), 0)::int8,
      'empty', CASE WHEN c.relkind IN ('r', 'm') AND c.relfilenode <> c.oid THEN pg_relation_size(c.oid) = 0 ELSE false END,
      'scans', pg_stat_get_xact_numscans(c.oid),
      'read', pg_stat_get_xact_tuples_returned(c.oid),
      'inserted', pg_stat_get_xact_tuples_inserted(c.oid),
      'updated', pg_stat_get_xact_tuples_updated(c.oid),
      'deleted', pg_stat_get_xact_tuples_deleted(c.oid)))
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_index i ON i.indexrelid = c.oid
    LEFT JOIN pg_inherits h ON h.inhrelid = c.oid AND h.inhseqno = 1
    WHERE c.oid >= 16384 AND c.relkind IN ('r', 'm', 'p', 'i', 'I', 'v', 'f')
      AND c.relpersistence <> 't' AND n.nspname NOT LIKE E'pg\\_toast%'), '[]'),
  'locks', coalesce((
    SELECT json_agg(json_build_object('oid', l.relation::int8, 'mode', l.mode))
    FROM pg_lock_status() AS l
    WHERE l.locktype = 'relation' AND l.pid = pg_backend_pid() AND l.granted
      AND l.relation >= 16384), '[]'),
  'calls', coalesce((
    SELECT json_object_agg(p.oid::int8, pg_stat_get_xact_function_calls(p.oid))
    FROM pg_proc p WHERE p.oid >= 16384 AND p.pronamespace <> 11 AND pg_stat_get_xact_function_calls(p.oid) > 0), '{}'),
  'armed', coalesce(current_setting('event_triggers', true), 'on') <> 'off' AND (
    SELECT count(*) = 3 FROM pg_event_trigger
    WHERE evtname IN ('migvet_on_drop', 'migvet_on_rewrite', 'migvet_on_command') AND evtenabled = 'A')))
$$;

-- The routines of users among some functions.
CREATE FUNCTION pg_catalog.migvet_routines(oids json) RETURNS text
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
SELECT migvet_pack(coalesce(json_agg(json_build_object(
  'name', n.nspname || '.' || p.proname, 'language', l.lanname, 'source', p.prosrc,
  'trigger', p.prorettype = 'trigger'::regtype) ORDER BY n.nspname, p.proname, p.oid), '[]'))
FROM json_array_elements_text(oids) AS called
JOIN pg_proc p ON p.oid = called::oid
JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
$$;

-- A table in FROM without its children; a partitioned one is its partitions.
CREATE FUNCTION pg_catalog.migvet_source(relation oid) RETURNS text
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
SELECT CASE WHEN relkind = 'p' THEN '' ELSE 'ONLY ' END || oid::regclass FROM pg_class WHERE oid = relation
$$;

-- How many rows a table has, children apart but not partitions; NULL when that
-- cannot be told, as without the right to read it. Row security would hide
-- rows: it refuses here instead.
CREATE FUNCTION pg_catalog.migvet_count(relation oid) RETURNS int8
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET row_security = off AS $$
DECLARE n int8;
BEGIN
  EXECUTE format('SELECT count(*) FROM %s', migvet_source(relation)) INTO n;
  RETURN n;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$$;
CREATE FUNCTION pg_catalog.migvet_counts() RETURNS text
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
SELECT migvet_pack(coalesce(json_object_agg(oid::int8, coalesce(migvet_count(oid), 0)), '{}'))
FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'm') AND relpersistence <> 't'
$$;

-- The relations that names mean: [["schema" or "", "relation"], …], an index
-- standing for its table; path is the caller's search path. NULL names mean
-- every relation.
CREATE FUNCTION pg_catalog.migvet_named(names json, path name[]) RETURNS SETOF oid
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
SELECT DISTINCT coalesce(i.indrelid, c.oid)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = c.oid
WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'm', 'v', 'f', 'i', 'I')
  AND n.nspname NOT LIKE E'pg\\_toast%'
  AND (names IS NULL AND c.relkind IN ('r', 'p', 'm', 'v', 'f') OR EXISTS (
    SELECT FROM json_array_elements(names) AS j
    WHERE j ->> 1 = c.relname
      AND (j ->> 0 = n.nspname OR (j ->> 0 = '' AND n.nspname = ANY (path)))))
$$;

-- What DROP would lose: rows, and values that are not NULL of each column, of
-- the named tables and their children.
CREATE FUNCTION pg_catalog.migvet_values(names json, path name[]) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET row_security = off AS $$
DECLARE
  t record;
  counts int8[];
  answer json[] := '{}';
BEGIN
  FOR t IN
    WITH RECURSIVE closure AS (
      SELECT migvet_named(names, path) AS oid
      UNION SELECT h.inhrelid FROM closure JOIN pg_inherits h ON h.inhparent = closure.oid
    )
    SELECT c.oid, c.relkind, n.nspname, c.relname, array_agg(a.attname ORDER BY a.attnum) AS columns
    FROM closure JOIN pg_class c ON c.oid = closure.oid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p', 'm')
    GROUP BY c.oid, c.relkind, n.nspname, c.relname
    ORDER BY c.oid LIMIT 500
  LOOP
    BEGIN
      EXECUTE format('SELECT ARRAY[count(*), %s] FROM %s',
        (SELECT string_agg(format('count(%I)', col), ', ') FROM unnest(t.columns) AS col), migvet_source(t.oid)) INTO counts;
    EXCEPTION WHEN OTHERS THEN
      counts := NULL;
    END;
    answer := answer || json_build_object('schema', t.nspname, 'name', t.relname, 'relkind', t.relkind, 'columns', t.columns, 'counts', counts);
  END LOOP;
  RETURN migvet_pack(to_json(answer));
END
$$;

-- What is compared when a column's type changes: a value as text, of a json
-- object its keys, which jsonb keeps once each.
CREATE FUNCTION pg_catalog.migvet_comparable(value text, typename text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
SELECT CASE WHEN typename = 'json'
  THEN format('(CASE json_typeof(%1$s) WHEN ''object'' THEN (SELECT string_agg(k, '','' ORDER BY k) FROM json_object_keys(%1$s) AS k) ELSE '''' END)', value)
  ELSE format('(%s)::text', value) END
$$;

-- Whether a column keeps its values as they were written. Dates, numbers and
-- documents read from it may look different and mean the same.
CREATE FUNCTION pg_catalog.migvet_writes(relation oid, col text) RETURNS bool
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
SELECT t.typcategory = 'S' FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = relation AND a.attname = col
$$;

-- The values of columns, hashed, in the order of the rows on the disk, which a
-- rewrite keeps. columns is [["schema" or "", "relation", "column"], …].
CREATE FUNCTION pg_catalog.migvet_hashes(columns json, path name[]) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET row_security = off AS $$
DECLARE
  c record;
  hashes json;
  answer json[] := '{}';
BEGIN
  FOR c IN
    SELECT r.oid, n.nspname, r.relname, a.attname, format_type(a.atttypid, a.atttypmod) AS type
    FROM json_array_elements(columns) AS j
    JOIN pg_class r ON r.relname = j ->> 1 AND r.relkind IN ('r', 'p')
    JOIN pg_namespace n ON n.oid = r.relnamespace
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attname = j ->> 2 AND a.attnum > 0
    WHERE j ->> 0 = n.nspname OR j ->> 0 = '' AND n.nspname = ANY (path)
    LIMIT 50
  LOOP
    BEGIN
      EXECUTE format('SELECT json_agg(h) FROM (SELECT md5(%s) AS h FROM %s ORDER BY tableoid, ctid LIMIT 1000) AS t',
        migvet_comparable(quote_ident(c.attname), c.type), c.oid::regclass) INTO hashes;
    EXCEPTION WHEN OTHERS THEN
      hashes := NULL;
    END;
    answer := answer || json_build_object(
      'oid', c.oid::int8, 'schema', c.nspname, 'table', c.relname, 'column', c.attname, 'type', c.type,
      'written', migvet_writes(c.oid, c.attname), 'hashes', coalesce(hashes, '[]'));
  END LOOP;
  RETURN migvet_pack(to_json(answer));
END
$$;

-- How many values of one of those columns are not what they were, cast back to
-- the type they had. Where no cast leads back, how many became NULL or the same
-- as others. NULL when nobody can tell.
CREATE FUNCTION pg_catalog.migvet_changed(was json) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET row_security = off AS $$
DECLARE
  relation oid := (was ->> 'oid')::oid;
  now text := format('SELECT %I AS v FROM %s ORDER BY tableoid, ctid LIMIT %s',
                     was ->> 'column', relation::regclass, json_array_length(was -> 'hashes'));
  type text := was ->> 'type';
  n int8;
BEGIN
  BEGIN
    IF (was ->> 'written')::bool AND NOT migvet_writes(relation, was ->> 'column') OR type = 'bytea' THEN
      RAISE EXCEPTION 'another spelling is no other value';
    END IF;
    EXECUTE format('SELECT count(*) FROM (SELECT row_number() OVER () AS n, v FROM (%s) AS s) AS now
        JOIN json_array_elements_text($1) WITH ORDINALITY AS old(hash, n) USING (n)
        WHERE md5(%s) IS DISTINCT FROM old.hash', now, migvet_comparable('v::' || type, type))
      INTO n USING was -> 'hashes';
  EXCEPTION WHEN OTHERS THEN
    EXECUTE format('SELECT greatest(old.filled - now.filled, old.different - now.different, 0)
        FROM (SELECT count(v) AS filled, count(DISTINCT v::text) AS different FROM (%s) AS s) AS now,
             (SELECT count(h) AS filled, count(DISTINCT h) AS different FROM json_array_elements_text($1) AS h) AS old', now)
      INTO n USING was -> 'hashes';
  END;
  RETURN migvet_pack(to_json(n));
EXCEPTION WHEN OTHERS THEN
  RETURN migvet_pack('null');
END
$$;

-- The named relations, what foreign keys connect them to, and what one DELETE
-- reaches from there.
CREATE FUNCTION pg_catalog.migvet_relations(names json, path name[]) RETURNS text
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
WITH RECURSIVE named AS (
  SELECT migvet_named(names, path) AS oid
), reach AS (
  SELECT oid FROM named
  UNION
  SELECT k.conrelid FROM reach r JOIN pg_constraint k ON k.confrelid = r.oid AND k.contype = 'f' AND k.confdeltype = 'c'
), wanted AS (
  SELECT oid FROM reach
  UNION SELECT k.conrelid FROM reach r JOIN pg_constraint k ON k.confrelid = r.oid AND k.contype = 'f'
  UNION SELECT k.confrelid FROM named r JOIN pg_constraint k ON k.conrelid = r.oid AND k.contype = 'f'
)
SELECT migvet_pack(json_build_object('path', path, 'relations', coalesce(json_agg(json_build_object(
  'oid', c.oid::int8, 'schema', n.nspname, 'name', c.relname, 'kind', c.relkind, 'partition', c.relispartition,
  'rows', CASE WHEN c.relkind IN ('r', 'p', 'm') AND c.oid IN (SELECT oid FROM named) AND names IS NOT NULL
               THEN coalesce(migvet_count(c.oid), 0) ELSE 0 END,
  'columns', (
    SELECT coalesce(json_agg(json_build_object(
      'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'base', format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE a.atttypid END,
                          CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END),
      'domain', t.typtype = 'd',
      'checked', t.typtype = 'd' AND (t.typnotnull OR EXISTS (SELECT FROM pg_constraint k WHERE k.contypid = t.oid)),
      'notNull', a.attnotnull OR t.typnotnull,
      'default', coalesce(pg_get_expr(d.adbin, d.adrelid), ''),
      'identity', a.attidentity <> '', 'generated', a.attgenerated <> '', 'virtual', a.attgenerated = 'v',
      'labels', (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)
      ) ORDER BY a.attnum), '[]')
    FROM pg_attribute a
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'constraints', (
    SELECT coalesce(json_agg(json_build_object(
      'name', k.conname, 'kind', k.contype, 'valid', k.convalidated,
      'definition', pg_get_constraintdef(k.oid),
      'columns', (SELECT json_agg(a.attname ORDER BY x.ord) FROM unnest(k.conkey) WITH ORDINALITY AS x(num, ord)
                  JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x.num),
      'refTable', (SELECT json_build_array(rn.nspname, rc.relname) FROM pg_class rc JOIN pg_namespace rn ON rn.oid = rc.relnamespace WHERE rc.oid = k.confrelid),
      'refColumns', (SELECT json_agg(a.attname ORDER BY x.ord) FROM unnest(k.confkey) WITH ORDINALITY AS x(num, ord)
                     JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = x.num),
      'onDelete', k.confdeltype, 'onUpdate', k.confupdtype,
      'setColumns', (SELECT json_agg(a.attname ORDER BY x.ord)
                     FROM unnest(ARRAY(SELECT (json_array_elements_text(nullif(to_json(k)::jsonb -> 'confdelsetcols', 'null')::json))::int2)) WITH ORDINALITY AS x(num, ord)
                     JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x.num)
      ) ORDER BY k.conname), '[]')
    FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u', 'c', 'f', 'x', 'n')),
  'indexes', (
    SELECT coalesce(json_agg(json_build_object(
      'name', ic.relname, 'unique', i.indisunique, 'valid', i.indisvalid, 'partial', i.indpred IS NOT NULL,
      'definition', pg_get_indexdef(i.indexrelid),
      'columns', (SELECT json_agg(coalesce(a.attname, '') ORDER BY x.ord)
                  FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS x(num, ord)
                  LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = x.num AND x.num > 0
                  WHERE x.ord <= i.indnkeyatts)
      ) ORDER BY ic.relname), '[]')
    FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid WHERE i.indrelid = c.oid),
  'updateTriggers', ( -- BEFORE UPDATE FOR EACH ROW, those that fire in this session
    SELECT coalesce(json_agg(json_build_object('function', fn.nspname || '.' || f.proname, 'source', f.prosrc,
      'arguments', (string_to_array(encode(t.tgargs, 'escape'), E'\\000'))[:t.tgnargs],
      'columns', (SELECT json_agg(a.attname) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (t.tgattr::int2[])),
      'when', coalesce(substring(pg_get_triggerdef(t.oid) FROM E' WHEN \\((.+)\\) EXECUTE '), '')) ORDER BY t.tgname), '[]')
    FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid JOIN pg_namespace fn ON fn.oid = f.pronamespace
    WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgtype & 19 = 19
      AND t.tgenabled IN (CASE current_setting('session_replication_role') WHEN 'replica' THEN 'R' ELSE 'O' END, 'A'))
  ) ORDER BY n.nspname, c.relname), '[]')))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid IN (SELECT oid FROM wanted) AND c.relkind IN ('r', 'p', 'm', 'v', 'f')
$$;

-- Event triggers tell through INFO messages, which reach the client whatever
-- client_min_messages says and survive a rollback. What goes wrong in them must
-- not fail the migration: an empty detail says that something was not told.
CREATE FUNCTION pg_catalog.migvet_on_drop() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE found json;
BEGIN
  SELECT json_agg(json_build_object('kind', object_type, 'names', address_names, 'args', address_args,
                                    'original', original, 'normal', normal))
  INTO found FROM pg_event_trigger_dropped_objects() WHERE NOT is_temporary;
  RAISE INFO USING ERRCODE = 'MV001', MESSAGE = 'migvet', DETAIL = migvet_pack(coalesce(found, '[]'));
EXCEPTION WHEN OTHERS THEN
  RAISE INFO USING ERRCODE = 'MV001', MESSAGE = 'migvet';
END
$$;
CREATE FUNCTION pg_catalog.migvet_on_rewrite() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE INFO USING ERRCODE = 'MV002', MESSAGE = 'migvet', DETAIL = migvet_pack(json_build_array(pg_event_trigger_table_rewrite_oid()::int8));
END
$$;
CREATE FUNCTION pg_catalog.migvet_on_command() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE found json;
BEGIN
  SELECT json_agg(json_build_object('tag', d.command_tag, 'kind', d.object_type, 'names', a.object_names, 'args', a.object_args))
  INTO found
  FROM pg_event_trigger_ddl_commands() AS d
  CROSS JOIN LATERAL pg_identify_object_as_address(d.classid, d.objid, d.objsubid) AS a
  WHERE NOT d.in_extension AND d.classid IS NOT NULL AND d.schema_name IS DISTINCT FROM 'pg_temp';
  RAISE INFO USING ERRCODE = 'MV003', MESSAGE = 'migvet', DETAIL = migvet_pack(coalesce(found, '[]'));
EXCEPTION WHEN OTHERS THEN
  RAISE INFO USING ERRCODE = 'MV003', MESSAGE = 'migvet';
END
$$;
CREATE EVENT TRIGGER migvet_on_drop ON sql_drop EXECUTE FUNCTION pg_catalog.migvet_on_drop();
CREATE EVENT TRIGGER migvet_on_rewrite ON table_rewrite EXECUTE FUNCTION pg_catalog.migvet_on_rewrite();
CREATE EVENT TRIGGER migvet_on_command ON ddl_command_end EXECUTE FUNCTION pg_catalog.migvet_on_command();
ALTER EVENT TRIGGER migvet_on_drop ENABLE ALWAYS;
ALTER EVENT TRIGGER migvet_on_rewrite ENABLE ALWAYS;
ALTER EVENT TRIGGER migvet_on_command ENABLE ALWAYS;

RESET allow_system_table_mods;
