-- Since 18 a NOT NULL is a constraint with a name and a state of its own; what
-- it is called is left out.
, required AS MATERIALIZED (
  SELECT k.conrelid, k.conkey[1] AS attnum, k.convalidated, k.connoinherit
  FROM pg_constraint k WHERE k.contype = 'n' AND k.conrelid <> 0
), identity AS MATERIALIZED (
  SELECT d.refobjid, d.refobjsubid, format('start %s, increment %s, from %s to %s, cache %s%s',
    q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, CASE WHEN q.seqcycle THEN ', cycle' ELSE '' END) AS options
  FROM pg_depend d JOIN pg_sequence q ON q.seqrelid = d.objid
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'
)
SELECT 'column', r.nspname, r.relname, a.attname, 'c/' || r.oid || '/' || a.attnum, NOT a.attislocal AND a.attinhcount > 0, NULL::text[], '', json_build_array(
  json_build_array('type', format_type(a.atttypid, a.atttypmod)),
  json_build_array('collation', CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END),
  json_build_array('not null', CASE WHEN NOT a.attnotnull THEN NULL WHEN NOT k.convalidated THEN 'not valid' WHEN k.connoinherit THEN 'no inherit' ELSE 'yes' END),
  json_build_array('default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END),
  json_build_array('generated', CASE a.attgenerated WHEN 's' THEN pg_get_expr(d.adbin, d.adrelid) || ' stored' WHEN 'v' THEN pg_get_expr(d.adbin, d.adrelid) || ' virtual' END),
  json_build_array('identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END),
  json_build_array('identity options', CASE WHEN a.attidentity <> '' THEN i.options END),
  json_build_array('storage', CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END END),
  json_build_array('compression', CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END),
  json_build_array('statistics', nullif(a.attstattarget, -1)::text),
  json_build_array('options', array_to_string(a.attoptions || a.attfdwoptions, ', ')),
  json_build_array('comment', z.description))::text
FROM rel r
JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
LEFT JOIN required k ON k.conrelid = r.oid AND k.attnum = a.attnum
LEFT JOIN identity i ON i.refobjid = r.oid AND i.refobjsubid = a.attnum
LEFT JOIN described z ON z.classoid = 'pg_class'::regclass AND z.objoid = r.oid AND z.objsubid = a.attnum
WHERE r.relkind IN ('r', 'p', 'f')
