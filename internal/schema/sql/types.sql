, typ AS MATERIALIZED (
  SELECT t.*, n.nspname FROM pg_type t JOIN ns n ON n.oid = t.typnamespace
  WHERE NOT EXISTS (SELECT FROM owned o WHERE o.classid = 'pg_type'::regclass AND o.objid = t.oid)
)
SELECT 'enum', t.nspname, '', t.typname, 't/' || t.oid, false, NULL::text[], '', json_build_array(
  json_build_array('values', (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)),
  json_build_array('owner', pg_get_userbyid(t.typowner)),
  json_build_array('comment', obj_description(t.oid, 'pg_type')))::text
FROM typ t WHERE t.typtype = 'e'
UNION ALL
SELECT 'domain', t.nspname, '', t.typname, 't/' || t.oid, false, NULL, '', json_build_array(
  json_build_array('type', format_type(t.typbasetype, t.typtypmod)),
  json_build_array('collation', CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text END),
  json_build_array('not null', CASE WHEN t.typnotnull THEN 'yes' END),
  json_build_array('default', t.typdefault),
  json_build_array('constraints', (SELECT string_agg(format('%I %s', k.conname, pg_get_constraintdef(k.oid)), ', ' ORDER BY k.conname)
    FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c')),
  json_build_array('owner', pg_get_userbyid(t.typowner)),
  json_build_array('comment', obj_description(t.oid, 'pg_type')))::text
FROM typ t JOIN pg_type b ON b.oid = t.typbasetype WHERE t.typtype = 'd'
UNION ALL
SELECT 'composite type', t.nspname, '', t.typname, 't/' || t.oid, false, NULL, '', json_build_array(
  json_build_array('attributes', (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
    FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)),
  json_build_array('owner', pg_get_userbyid(t.typowner)),
  json_build_array('comment', obj_description(t.oid, 'pg_type')))::text
FROM typ t JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c' WHERE t.typtype = 'c'
UNION ALL
SELECT 'range type', t.nspname, '', t.typname, 't/' || t.oid, false, NULL, '', json_build_array(
  json_build_array('subtype', format_type(g.rngsubtype, NULL)),
  json_build_array('owner', pg_get_userbyid(t.typowner)),
  json_build_array('comment', obj_description(t.oid, 'pg_type')))::text
FROM typ t JOIN pg_range g ON g.rngtypid = t.oid WHERE t.typtype = 'r'
