-- What migvet asks the server while it watches a migration. Installed by the
-- superuser, once, in the database that all others are copied from.
--
-- The functions live in pg_catalog, where no "all functions of the schema" of a
-- migration reaches them, and each sets its own search_path, so that nothing a
-- migration defines is called instead of what is meant.

SET allow_system_table_mods = on;

-- Relations of users, and the locks this session holds on them.
CREATE FUNCTION pg_catalog.migvet_snapshot() RETURNS json
LANGUAGE sql VOLATILE SET search_path = pg_catalog AS $$
SELECT json_build_object(
  'relations', coalesce((
    SELECT json_agg(json_build_object(
      'oid', c.oid::int8, 'schema', n.nspname, 'name', c.relname, 'kind', c.relkind,
      'quoted', format('%I.%I', n.nspname, c.relname),
      'table', coalesce(i.indrelid, 0)::int8,
      'file', coalesce(pg_relation_filenode(c.oid), 0)::int8,
      'scans', pg_stat_get_xact_numscans(c.oid),
      'read', pg_stat_get_xact_tuples_returned(c.oid)))
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_index i ON i.indexrelid = c.oid
    WHERE c.oid >= 16384 AND c.relkind IN ('r', 'm', 'p', 'i', 'I', 'v', 'f')
      AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\_toast%'), '[]'),
  'locks', coalesce((
    SELECT json_agg(json_build_object('oid', l.relation::int8, 'mode', l.mode))
    FROM pg_lock_status() AS l
    WHERE l.locktype = 'relation' AND l.pid = pg_backend_pid() AND l.granted
      AND l.relation >= 16384), '[]'))
$$;

-- How many rows a table has, and how many values of a column are not NULL.
CREATE FUNCTION pg_catalog.migvet_count(relation oid, col text DEFAULT NULL) RETURNS int8
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog AS $$
DECLARE n int8;
BEGIN
  EXECUTE format('SELECT count(%s) FROM %s', coalesce(quote_ident(col), '*'), relation::regclass) INTO n;
  RETURN n;
EXCEPTION WHEN OTHERS THEN
  RETURN 0;
END
$$;

-- The named relations, what foreign keys connect them to, and what one DELETE
-- reaches from there. names is [["schema" or "", "relation"], …]; path the
-- caller's search path. NULL names mean every relation.
CREATE FUNCTION pg_catalog.migvet_relations(names json, path name[]) RETURNS json
LANGUAGE sql VOLATILE SET search_path = pg_catalog AS $$
WITH RECURSIVE named AS (
  SELECT coalesce(i.indrelid, c.oid) AS oid
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_index i ON i.indexrelid = c.oid
  WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'm', 'v', 'f', 'i', 'I')
    AND n.nspname NOT LIKE 'pg\_toast%'
    AND (names IS NULL AND c.relkind IN ('r', 'p', 'm', 'v', 'f') OR EXISTS (
      SELECT FROM json_array_elements(names) AS j
      WHERE j ->> 1 = c.relname
        AND (j ->> 0 = n.nspname OR (j ->> 0 = '' AND n.nspname = ANY (path)))))
), reach AS (
  SELECT oid FROM named
  UNION
  SELECT k.conrelid FROM reach r JOIN pg_constraint k ON k.confrelid = r.oid AND k.contype = 'f' AND k.confdeltype = 'c'
), wanted AS (
  SELECT oid FROM reach
  UNION SELECT k.conrelid FROM reach r JOIN pg_constraint k ON k.confrelid = r.oid AND k.contype = 'f'
  UNION SELECT k.confrelid FROM named r JOIN pg_constraint k ON k.conrelid = r.oid AND k.contype = 'f'
)
SELECT coalesce(json_agg(json_build_object(
  'oid', c.oid::int8, 'schema', n.nspname, 'name', c.relname, 'kind', c.relkind, 'partition', c.relispartition,
  'rows', CASE WHEN c.relkind IN ('r', 'p', 'm') AND c.oid IN (SELECT oid FROM named) AND names IS NOT NULL
               THEN migvet_count(c.oid) ELSE 0 END,
  'columns', (
    SELECT coalesce(json_agg(json_build_object(
      'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'base', format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE a.atttypid END,
                          CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END),
      'domain', t.typtype = 'd',
      'checked', t.typtype = 'd' AND (t.typnotnull OR EXISTS (SELECT FROM pg_constraint k WHERE k.contypid = t.oid)),
      'notNull', a.attnotnull OR t.typnotnull,
      'default', coalesce(pg_get_expr(d.adbin, d.adrelid), ''),
      'identity', a.attidentity <> '', 'generated', a.attgenerated <> '',
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
    FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid WHERE i.indrelid = c.oid)
  ) ORDER BY n.nspname, c.relname), '[]')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid IN (SELECT oid FROM wanted) AND c.relkind IN ('r', 'p', 'm', 'v', 'f')
$$;

-- Event triggers tell through INFO messages, which reach the client whatever
-- client_min_messages says and survive a rollback.
CREATE FUNCTION pg_catalog.migvet_on_drop() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE found json;
BEGIN
  SELECT json_agg(json_build_object('kind', object_type, 'names', address_names, 'args', address_args,
                                    'original', original, 'normal', normal, 'oid', objid::int8, 'sub', objsubid))
  INTO found FROM pg_event_trigger_dropped_objects() WHERE NOT is_temporary;
  RAISE INFO USING ERRCODE = 'MV001', MESSAGE = 'migvet', DETAIL = coalesce(found, '[]')::text;
END
$$;
CREATE FUNCTION pg_catalog.migvet_on_rewrite() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE INFO USING ERRCODE = 'MV002', MESSAGE = 'migvet', DETAIL = pg_event_trigger_table_rewrite_oid()::int8::text;
END
$$;
CREATE FUNCTION pg_catalog.migvet_on_command() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE found json;
BEGIN
  SELECT json_agg(json_build_object('tag', command_tag, 'kind', object_type, 'name', object_identity))
  INTO found FROM pg_event_trigger_ddl_commands() WHERE NOT in_extension;
  RAISE INFO USING ERRCODE = 'MV003', MESSAGE = 'migvet', DETAIL = coalesce(found, '[]')::text;
END
$$;
CREATE EVENT TRIGGER migvet_on_drop ON sql_drop EXECUTE FUNCTION pg_catalog.migvet_on_drop();
CREATE EVENT TRIGGER migvet_on_rewrite ON table_rewrite EXECUTE FUNCTION pg_catalog.migvet_on_rewrite();
CREATE EVENT TRIGGER migvet_on_command ON ddl_command_end EXECUTE FUNCTION pg_catalog.migvet_on_command();
ALTER EVENT TRIGGER migvet_on_drop ENABLE ALWAYS;
ALTER EVENT TRIGGER migvet_on_rewrite ENABLE ALWAYS;
ALTER EVENT TRIGGER migvet_on_command ENABLE ALWAYS;

RESET allow_system_table_mods;
