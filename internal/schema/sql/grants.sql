-- An access list that is NULL means the default one, so only what differs from
-- that is told, by grantee. type is that of acldefault. Of the schema of an extension the
-- default is what the extension's script granted.
, granted(schema, relation, prefix, type, owner, acl, initial) AS (
  SELECT '', '', format('on schema %I ', n.nspname), 'n', n.nspowner, n.nspacl,
    (SELECT i.initprivs FROM pg_init_privs i WHERE i.classoid = 'pg_namespace'::regclass AND i.objoid = n.oid AND i.privtype = 'e')
  FROM ns n
  UNION ALL
  SELECT r.nspname, CASE WHEN r.relkind = 'S' THEN '' ELSE r.relname::text END,
    CASE WHEN r.relkind = 'S' THEN format('on sequence %I.%I ', r.nspname, r.relname) ELSE '' END,
    CASE WHEN r.relkind = 'S' THEN 's' ELSE 'r' END, r.relowner, r.relacl, NULL
  FROM rel r WHERE r.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
  UNION ALL
  SELECT r.nspname, r.relname, format('(%I) ', a.attname), 'c', r.relowner, a.attacl, NULL
  FROM rel r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attacl IS NOT NULL
  UNION ALL
  SELECT n.nspname, '', format('on %s %s ', CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, p.oid::regprocedure), 'f', p.proowner, p.proacl, NULL
  FROM pg_proc p JOIN ns n ON n.oid = p.pronamespace
  WHERE NOT EXISTS (SELECT FROM owned o WHERE o.classid = 'pg_proc'::regclass AND o.objid = p.oid)
  UNION ALL
  SELECT n.nspname, '', format('on type %s ', t.oid::regtype), 'T', t.typowner, t.typacl, NULL
  FROM pg_type t JOIN ns n ON n.oid = t.typnamespace WHERE t.typacl IS NOT NULL
  UNION ALL
  SELECT '', '', 'on the database ', 'd', d.datdba, d.datacl, NULL FROM pg_database d WHERE d.datname = current_database()
), listed AS (
  SELECT g.schema, g.relation, g.prefix, x.grantee,
    coalesce(string_agg(x.privilege_type || CASE WHEN x.is_grantable THEN ' with grant option' ELSE '' END, ', ' ORDER BY x.privilege_type) FILTER (WHERE x.actual), 'none') AS actual,
    coalesce(string_agg(x.privilege_type || CASE WHEN x.is_grantable THEN ' with grant option' ELSE '' END, ', ' ORDER BY x.privilege_type) FILTER (WHERE NOT x.actual), 'none') AS usual
  FROM granted g CROSS JOIN LATERAL (
    SELECT true AS actual, a.grantee, a.privilege_type, a.is_grantable FROM aclexplode(g.acl) a
    UNION ALL
    SELECT false, a.grantee, a.privilege_type, a.is_grantable FROM aclexplode(coalesce(g.initial, acldefault(g.type::"char", g.owner))) a
  ) x
  WHERE g.acl IS NOT NULL
  GROUP BY 1, 2, 3, 4
)
SELECT 'grant', l.schema, l.relation, l.prefix || 'to ' || CASE WHEN l.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(l.grantee)) END,
  '', false, NULL::text[], '', json_build_array(json_build_array('privileges', l.actual))::text
FROM listed l WHERE l.actual <> l.usual
UNION ALL
SELECT 'default privileges', '', '', format('for %s%s%s', pg_get_userbyid(d.defaclrole),
    CASE WHEN d.defaclnamespace <> 0 THEN ' in schema ' || d.defaclnamespace::regnamespace ELSE '' END,
    CASE d.defaclobjtype WHEN 'r' THEN ' on tables' WHEN 'S' THEN ' on sequences' WHEN 'f' THEN ' on functions' WHEN 'T' THEN ' on types' WHEN 'n' THEN ' on schemas' ELSE ' on objects' END),
  'd/' || d.oid, false, NULL, '', json_build_array(json_build_array('privileges', array_to_string(d.defaclacl, ', ')))::text
FROM pg_default_acl d
