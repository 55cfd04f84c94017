-- Those of identity columns belong to the column.
SELECT 'sequence', r.nspname, '', r.relname, 'c/' || r.oid, false, NULL::text[], '', json_build_array(
  json_build_array('type', format_type(q.seqtypid, NULL)),
  json_build_array('start', q.seqstart::text),
  json_build_array('increment', q.seqincrement::text),
  json_build_array('minimum', q.seqmin::text),
  json_build_array('maximum', q.seqmax::text),
  json_build_array('cache', q.seqcache::text),
  json_build_array('cycle', CASE WHEN q.seqcycle THEN 'yes' END),
  json_build_array('owned by', o.owner),
  json_build_array('persistence', CASE WHEN r.relpersistence = 'u' THEN 'unlogged' END),
  json_build_array('owner', pg_get_userbyid(r.relowner)),
  json_build_array('comment', z.description))::text
FROM rel r
JOIN pg_sequence q ON q.seqrelid = r.oid
LEFT JOIN described z ON z.classoid = 'pg_class'::regclass AND z.objoid = r.oid AND z.objsubid = 0
LEFT JOIN (
  SELECT d.objid, d.deptype, d.refobjid, format('%I.%I.%I', n.nspname, c.relname, a.attname) AS owner
  FROM pg_sequence s JOIN pg_depend d ON d.objid = s.seqrelid
  JOIN pg_class c ON c.oid = d.refobjid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
) o ON o.objid = r.oid
WHERE coalesce(o.deptype, 'a') <> 'i' AND (o.refobjid IS NULL OR EXISTS (SELECT FROM rel t WHERE t.oid = o.refobjid))
