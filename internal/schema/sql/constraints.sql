, keys AS MATERIALIZED (
  SELECT k.oid, array_agg(a.attname::text ORDER BY u.n) AS columns
  FROM pg_constraint k CROSS JOIN unnest(k.conkey) WITH ORDINALITY AS u(attnum, n)
  JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum
  WHERE k.contype IN ('p', 'u', 'x', 'f') AND k.conrelid >= 16384
  GROUP BY k.oid
)
SELECT CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique constraint' WHEN 'c' THEN 'check constraint' WHEN 'x' THEN 'exclusion constraint' ELSE 'foreign key' END,
  r.nspname, r.relname, k.conname, 'k/' || k.oid, k.conparentid <> 0 OR NOT k.conislocal AND k.coninhcount > 0,
  c.columns,
  coalesce(fn.nspname || '.' || f.relname, ''), json_build_array(
  json_build_array('definition', pg_get_constraintdef(k.oid)),
  json_build_array('comment', z.description))::text
FROM rel r
JOIN pg_constraint k ON k.conrelid = r.oid AND k.contype IN ('p', 'u', 'c', 'x', 'f')
LEFT JOIN pg_class f ON f.oid = k.confrelid
LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
LEFT JOIN keys c ON c.oid = k.oid
LEFT JOIN described z ON z.classoid = 'pg_constraint'::regclass AND z.objoid = k.oid
