SELECT CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique constraint' WHEN 'c' THEN 'check constraint' WHEN 'x' THEN 'exclusion constraint' ELSE 'foreign key' END,
  r.nspname, r.relname, k.conname, 'k/' || k.oid, k.conparentid <> 0 OR NOT k.conislocal AND k.coninhcount > 0,
  CASE WHEN k.contype <> 'c' THEN ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u(attnum, n)
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = u.attnum ORDER BY u.n) END,
  coalesce(fn.nspname || '.' || f.relname, ''), json_build_array(
  json_build_array('definition', pg_get_constraintdef(k.oid)),
  json_build_array('comment', obj_description(k.oid, 'pg_constraint')))::text
FROM rel r
JOIN pg_constraint k ON k.conrelid = r.oid AND k.contype IN ('p', 'u', 'c', 'x', 'f')
LEFT JOIN pg_class f ON f.oid = k.confrelid
LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
