package rows

// The queries run with search_path = pg_catalog, see openSession. Columns that older versions lack are read through
// to_jsonb: indnullsnotdistinct came with 15, conenforced with 18.

// tablesSQL leaves out what extensions own, and other sessions' temporary tables.
const tablesSQL = `
SELECT c.oid, format('%I.%I', n.nspname, c.relname), n.nspname::text, c.relname::text, c.relkind::text,
       coalesce(p.partstrat::text, ''), coalesce(i.inhparent, 0::oid), c.relforcerowsecurity,
       CASE WHEN c.relispartition THEN coalesce(pg_get_partition_constraintdef(c.oid), '') ELSE '' END
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_partitioned_table p ON p.partrelid = c.oid
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND c.oid >= 16384
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname, c.relname`

// keysSQL leaves out the constraints that PostgreSQL adds to the referring table for each partition of the parent.
const keysSQL = `
SELECT k.conname::text, k.conrelid, k.confrelid, k.conkey::int[], k.confkey::int[], k.confmatchtype = 'f'
FROM pg_constraint k
WHERE k.contype = 'f'
  AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.oid = k.conparentid AND p.conrelid = k.conrelid)
ORDER BY k.conrelid, k.conname`

// columnsSQL resolves domains down to their base type, with the checks of all of them: once for each type, since a
// schema uses few.
const columnsSQL = `
WITH RECURSIVE attribute AS MATERIALIZED (
  SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attgenerated
  FROM pg_attribute a WHERE a.attrelid = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped
), layer AS (
  SELECT t.oid AS domain, t.oid, t.typbasetype, t.typtypmod, t.typnotnull, 1 AS depth
  FROM pg_type t WHERE t.typtype = 'd' AND t.oid IN (SELECT atttypid FROM attribute)
  UNION ALL
  SELECT l.domain, t.oid, t.typbasetype, t.typtypmod, t.typnotnull, l.depth + 1
  FROM layer l JOIN pg_type t ON t.oid = l.typbasetype WHERE t.typtype = 'd'
), domain AS (
  SELECT l.domain, (array_agg(l.typbasetype ORDER BY l.depth DESC))[1] AS base, max(l.typtypmod) AS modifier,
         bool_or(l.typnotnull) AS notnull,
         ARRAY(SELECT pg_get_expr(k.conbin, 0) FROM layer m JOIN pg_constraint k ON k.contypid = m.oid
               WHERE m.domain = l.domain AND k.contype = 'c' ORDER BY m.depth, k.conname) AS checks
  FROM layer l GROUP BY l.domain
), used AS MATERIALIZED (
  SELECT u.atttypid, u.atttypmod, x.modifier, format_type(u.atttypid, u.atttypmod) AS name, coalesce(d.notnull, false) AS notnull,
         coalesce(d.checks, '{}') AS checks, b.oid AS base, format_type(b.oid, x.modifier) AS base_name,
         CASE WHEN b.typcategory = 'A' AND b.typelem <> 0 THEN format_type(b.typelem, x.modifier) ELSE '' END AS element_name
  FROM (SELECT DISTINCT atttypid, atttypmod FROM attribute) u
  LEFT JOIN domain d ON d.domain = u.atttypid
  JOIN pg_type b ON b.oid = coalesce(d.base, u.atttypid)
  CROSS JOIN LATERAL (SELECT CASE WHEN u.atttypmod >= 0 THEN u.atttypmod ELSE coalesce(d.modifier, -1) END AS modifier) x
)
SELECT a.attrelid, a.attnum::int, u.modifier, a.attname::text, u.name, coalesce(pg_get_expr(f.adbin, f.adrelid), ''),
       a.attnotnull OR u.notnull, a.attgenerated <> '', u.checks, u.base, u.base_name, u.element_name
FROM attribute a
JOIN used u ON u.atttypid = a.atttypid AND u.atttypmod = a.atttypmod
LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
ORDER BY a.attrelid, a.attnum`

// typesSQL lists the types of columns and what these are made of, however deep: the base type of a domain, the element
// of an array, the subtype of a range, the range of a multirange, the columns of a composite type.
const typesSQL = `
WITH RECURSIVE reached (oid) AS (
  SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped
  UNION
  SELECT p.oid
  FROM reached r JOIN pg_type t ON t.oid = r.oid
  CROSS JOIN LATERAL (
    VALUES (t.typbasetype), (t.typelem) UNION ALL
    SELECT CASE t.oid WHEN g.rngtypid THEN g.rngsubtype ELSE g.rngtypid END FROM pg_range g WHERE t.oid IN (g.rngtypid, g.rngmultitypid) UNION ALL
    SELECT a.atttypid FROM pg_attribute a WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
  ) p (oid)
  WHERE p.oid <> 0
)
SELECT t.oid, format_type(t.oid, NULL), t.typname::text, t.typtype::text, t.typcategory::text,
       CASE WHEN t.typtype = 'd' THEN t.typbasetype WHEN t.typtype = 'm' THEN g.rngtypid WHEN t.typtype = 'r' THEN g.rngsubtype
            WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END,
       t.typtypmod,
       ARRAY(SELECT l.enumlabel::text FROM pg_enum l WHERE l.enumtypid = t.oid ORDER BY l.enumsortorder),
       ARRAY(SELECT a.atttypid FROM pg_attribute a WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
       ARRAY(SELECT pg_get_expr(k.conbin, 0) FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' ORDER BY k.conname)
FROM reached r JOIN pg_type t ON t.oid = r.oid
LEFT JOIN pg_range g ON t.oid IN (g.rngtypid, g.rngmultitypid)`

// uniquesSQL lists unique indexes and exclusion constraints, those without expressions and with few columns first.
const uniquesSQL = `
SELECT i.indrelid, i.indexrelid::regclass::text, i.indisexclusion, i.indimmediate,
       NOT coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false), coalesce(pg_get_expr(i.indpred, i.indrelid), ''),
       ARRAY(SELECT pg_get_indexdef(i.indexrelid, n, false) FROM generate_series(1, i.indnkeyatts) n),
       ARRAY(SELECT k.n::int FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (n, place)
             WHERE k.place <= i.indnkeyatts AND k.n > 0 ORDER BY k.place),
       ARRAY(SELECT DISTINCT d.refobjsubid FROM pg_depend d
             WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid AND d.refclassid = 'pg_class'::regclass
               AND d.refobjid = i.indrelid AND d.refobjsubid > 0
               AND (i.indpred IS NOT NULL OR i.indexprs IS NOT NULL) ORDER BY 1)
FROM pg_index i
WHERE (i.indisunique OR i.indisexclusion) AND i.indrelid = ANY ($1)
ORDER BY i.indrelid, i.indexprs IS NOT NULL, i.indnkeyatts, 2`

const checksSQL = `
SELECT k.conrelid, k.conname::text, pg_get_expr(k.conbin, k.conrelid), coalesce(k.conkey::int[], '{}')
FROM pg_constraint k
WHERE k.contype = 'c' AND k.conrelid = ANY ($1) AND coalesce((to_jsonb(k) ->> 'conenforced')::bool, true)
ORDER BY k.conrelid, k.conname`

// computedSQL lists the expressions and predicates of indexes that are not unique: they can raise errors as well.
const computedSQL = `
SELECT i.indrelid, i.indexrelid::regclass::text, concat_ws(', ', pg_get_expr(i.indexprs, i.indrelid), pg_get_expr(i.indpred, i.indrelid)),
       ARRAY(SELECT DISTINCT d.refobjsubid FROM pg_depend d
             WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid AND d.refclassid = 'pg_class'::regclass
               AND d.refobjid = i.indrelid AND d.refobjsubid > 0 ORDER BY 1)
FROM pg_index i
WHERE NOT i.indisunique AND NOT i.indisexclusion AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL) AND i.indrelid = ANY ($1)
ORDER BY i.indrelid, 2`

// sequencesSQL finds the sequences that give the tables' columns their values: by identity, or by a DEFAULT that
// depends on them, whether the column owns them or not.
const sequencesSQL = `
SELECT n.nspname::text, s.relname::text, a.attrelid, a.attname::text
FROM pg_class s
JOIN pg_namespace n ON n.oid = s.relnamespace
JOIN pg_depend d ON (d.classid, d.objid, d.deptype) = ('pg_class'::regclass, s.oid, 'i') AND d.refclassid = 'pg_class'::regclass
JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE s.relkind = 'S' AND a.attrelid = ANY ($1)
UNION
SELECT n.nspname::text, s.relname::text, f.adrelid, a.attname::text
FROM pg_attrdef f
JOIN pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum AND a.attgenerated = ''
JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_class'::regclass
JOIN pg_class s ON s.oid = d.refobjid AND s.relkind = 'S'
JOIN pg_namespace n ON n.oid = s.relnamespace
WHERE f.adrelid = ANY ($1)
ORDER BY 1, 2, 3`
