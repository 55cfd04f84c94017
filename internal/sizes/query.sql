-- The sizes of this database's tables, as migvet reads them:
--
--   psql -XAt -c "$(migvet stats)" "$PRODUCTION" > production-stats.json
--
-- It reads catalogs only, needs no rights beyond CONNECT, and takes a moment.
-- Numbers of rows are the estimates of the last VACUUM or ANALYZE; null where there was none.
WITH tables AS (
  SELECT c.oid, n.nspname, c.relname, c.relkind
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
    AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
), parts AS ( -- of a partitioned table its partitions, else the table itself
  SELECT t.oid AS whole, coalesce(p.relid::pg_catalog.oid, t.oid) AS part
  FROM tables AS t
  LEFT JOIN LATERAL pg_catalog.pg_partition_tree(t.oid) AS p ON t.relkind = 'p'
  WHERE p.isleaf IS NOT false
), sizes AS (
  SELECT parts.whole, CASE WHEN pg_catalog.min(c.reltuples) >= 0 THEN pg_catalog.sum(c.reltuples)::pg_catalog.int8 END AS rows,
    pg_catalog.sum(pg_catalog.pg_total_relation_size(c.oid))::pg_catalog.int8 AS bytes
  FROM parts JOIN pg_catalog.pg_class AS c ON c.oid = parts.part AND c.relkind IN ('r', 'm')
  GROUP BY parts.whole
)
SELECT pg_catalog.json_build_object(
  'version', 1,
  'postgres', pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1),
  'taken', pg_catalog.to_char(pg_catalog.now() AT TIME ZONE 'UTC', 'YYYY-MM-DD'),
  'tables', coalesce((
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
        'schema', t.nspname, 'name', t.relname,
        'rows', CASE WHEN s.whole IS NULL THEN 0 ELSE s.rows END, 'bytes', coalesce(s.bytes, 0))
      ORDER BY t.nspname, t.relname)
    FROM tables AS t LEFT JOIN sizes AS s ON s.whole = t.oid), '[]'))
