-- What probes have to know of a database. Objects of PostgreSQL itself and of extensions
-- are nobody's to probe.
WITH own AS (
  SELECT oid, nspname FROM pg_namespace
  WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg\_%'
), relation AS (
  SELECT c.*, n.nspname FROM pg_class c JOIN own n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition AND c.relpersistence <> 't'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
)
SELECT json_build_object(
  'tables', coalesce((
    SELECT json_agg(json_build_object(
      'oid', c.oid::int8, 'schema', c.nspname, 'name', c.relname, 'quoted', format('%I.%I', c.nspname, c.relname), 'kind', c.relkind,
      'owner', pg_get_userbyid(c.relowner), 'rowSecurity', c.relrowsecurity, 'forced', c.relforcerowsecurity,
      'grantees', (
        SELECT coalesce(json_agg(DISTINCT g.role), '[]') FROM (
          SELECT CASE grantee WHEN 0 THEN '' ELSE pg_get_userbyid(grantee)::text END AS role FROM aclexplode(c.relacl)
          UNION ALL
          SELECT CASE grantee WHEN 0 THEN '' ELSE pg_get_userbyid(grantee)::text END FROM pg_attribute a, aclexplode(a.attacl) WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL
        ) AS g),
      'columns', (
        SELECT coalesce(json_agg(json_build_object(
          'number', a.attnum, 'name', a.attname, 'written', a.attgenerated = '' AND a.attidentity <> 'a',
          'default', a.atthasdef OR a.attidentity <> '') ORDER BY a.attnum), '[]')
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
      'key', (
        SELECT coalesce(json_agg(k.attnum ORDER BY k.n), '[]') FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, n)
        WHERE i.indrelid = c.oid AND i.indisprimary AND k.n <= i.indnkeyatts),
      'references', (
        SELECT coalesce(json_agg(json_build_object('table', k.confrelid::int8, 'columns', k.conkey, 'keys', k.confkey)), '[]')
        FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f'),
      'triggers', (
        SELECT coalesce(json_agg(json_build_object(
          'name', t.tgname, 'function', t.tgfoid::int8, 'keepsRows', t.tgtype & 1 = 1 AND t.tgtype & 66 <> 0,
          'columns', to_json(t.tgattr::int2[])) ORDER BY t.tgname), '[]')
        FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')),
      'policies', (
        SELECT coalesce(json_agg(json_build_object(
          'name', p.polname,
          'uses', (SELECT coalesce(json_agg(DISTINCT d.refobjid::int8), '[]') FROM pg_depend d
            WHERE d.classid = 'pg_policy'::regclass AND d.objid = p.oid AND d.refclassid IN ('pg_proc'::regclass, 'pg_class'::regclass) AND d.refobjid <> c.oid)
          ) ORDER BY p.polname), '[]')
        FROM pg_policy p WHERE p.polrelid = c.oid),
      'reads', (
        SELECT coalesce(json_agg(DISTINCT d.refobjid::int8), '[]') FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
        WHERE r.ev_class = c.oid AND c.relkind = 'v' AND d.refclassid IN ('pg_class'::regclass, 'pg_proc'::regclass) AND d.refobjid <> c.oid)
      ) ORDER BY c.nspname, c.relname)
    FROM relation c), '[]'),
  'functions', coalesce((
    SELECT json_agg(json_build_object(
      'oid', p.oid::int8, 'schema', n.nspname, 'name', p.proname,
      'signature', p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
      'owner', pg_get_userbyid(p.proowner), 'source', p.prosrc,
      'language', l.lanname, 'arguments', coalesce(to_json(p.proargnames), '[]'),
      'path', coalesce((SELECT substr(setting, length('search_path=') + 1) FROM unnest(p.proconfig) AS setting WHERE setting LIKE 'search\_path=%'), ''),
      'definition', CASE WHEN l.lanname = 'sql' AND p.prokind IN ('f', 'p') AND p.prosrc <> '' THEN pg_get_functiondef(p.oid) ELSE '' END) ORDER BY n.nspname, p.proname, p.oid)
    FROM pg_proc p JOIN own n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
    WHERE l.lanname IN ('sql', 'plpgsql')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')), '[]'),
  'superusers', (SELECT json_agg(rolname) FROM pg_roles WHERE rolsuper),
  'unbound', (SELECT json_agg(rolname) FROM pg_roles WHERE rolbypassrls)
)::text
