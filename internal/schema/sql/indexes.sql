-- The definition is what stands behind the names of the index and the table;
-- OFFSET 0 has it made once.
SELECT 'index', t.nspname, t.relname, r.relname, 'c/' || r.oid, r.relispartition, NULL::text[], '', json_build_array(
  json_build_array('unique', CASE WHEN i.indisunique THEN 'yes' END),
  json_build_array('definition', CASE WHEN starts_with(d.full, d.names) THEN substr(d.full, length(d.names) + 1) ELSE d.full END),
  json_build_array('valid', CASE WHEN NOT i.indisvalid THEN 'no' END),
  json_build_array('clustered', CASE WHEN i.indisclustered THEN 'yes' END),
  json_build_array('replica identity', CASE WHEN i.indisreplident THEN 'yes' END),
  json_build_array('tablespace', s.spcname),
  json_build_array('comment', z.description))::text
FROM rel r
JOIN pg_index i ON i.indexrelid = r.oid
JOIN rel t ON t.oid = i.indrelid
CROSS JOIN LATERAL (SELECT pg_get_indexdef(r.oid) AS full, format('CREATE %sINDEX %I ON %s%I.%I ',
  CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END, r.relname, CASE WHEN r.relkind = 'I' THEN 'ONLY ' ELSE '' END, t.nspname, t.relname) AS names OFFSET 0) d
LEFT JOIN pg_tablespace s ON s.oid = r.reltablespace
LEFT JOIN described z ON z.classoid = 'pg_class'::regclass AND z.objoid = r.oid
WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = r.oid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))
UNION ALL
SELECT 'statistics object', t.nspname, t.relname, s.stxname, 's/' || s.oid, false, NULL, '', json_build_array(
  json_build_array('definition', pg_get_statisticsobjdef(s.oid)),
  json_build_array('comment', obj_description(s.oid, 'pg_statistic_ext')))::text
FROM pg_statistic_ext s JOIN rel t ON t.oid = s.stxrelid
