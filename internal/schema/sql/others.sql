-- Objects of which only the identity is read, and what belongs to no schema.
, made(classid, objid) AS (
  SELECT 'pg_operator'::regclass::oid, oid FROM pg_operator UNION ALL
  SELECT 'pg_opclass'::regclass, oid FROM pg_opclass UNION ALL
  SELECT 'pg_opfamily'::regclass, oid FROM pg_opfamily UNION ALL
  SELECT 'pg_cast'::regclass, oid FROM pg_cast UNION ALL
  SELECT 'pg_collation'::regclass, oid FROM pg_collation UNION ALL
  SELECT 'pg_conversion'::regclass, oid FROM pg_conversion UNION ALL
  SELECT 'pg_ts_config'::regclass, oid FROM pg_ts_config UNION ALL
  SELECT 'pg_ts_dict'::regclass, oid FROM pg_ts_dict UNION ALL
  SELECT 'pg_ts_parser'::regclass, oid FROM pg_ts_parser UNION ALL
  SELECT 'pg_ts_template'::regclass, oid FROM pg_ts_template UNION ALL
  SELECT 'pg_foreign_data_wrapper'::regclass, oid FROM pg_foreign_data_wrapper UNION ALL
  SELECT 'pg_foreign_server'::regclass, oid FROM pg_foreign_server UNION ALL
  SELECT 'pg_language'::regclass, oid FROM pg_language UNION ALL
  SELECT 'pg_transform'::regclass, oid FROM pg_transform UNION ALL
  SELECT 'pg_am'::regclass, oid FROM pg_am
)
SELECT 'object', '', '', i.type || ' ' || i.identity, 'o/' || m.classid || '/' || m.objid, false, NULL::text[], '',
  json_build_array(json_build_array('comment', obj_description(m.objid, m.classid::regclass::name)))::text
FROM made m CROSS JOIN LATERAL pg_identify_object(m.classid, m.objid, 0) i
WHERE m.objid >= 16384 AND coalesce(i.schema, '') !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = m.classid AND d.objid = m.objid AND d.deptype IN ('e', 'i'))
UNION ALL
SELECT 'publication', '', '', p.pubname, 'u/' || p.oid, false, NULL, '', json_build_array(
  json_build_array('operations', concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END)),
  json_build_array('tables', CASE WHEN p.puballtables THEN 'all' ELSE (
    SELECT string_agg(format('%I.%I', t.schemaname, t.tablename) || coalesce(' where ' || (to_jsonb(t) ->> 'rowfilter'), ''), ', ' ORDER BY t.schemaname, t.tablename)
    FROM pg_publication_tables t WHERE t.pubname = p.pubname) END),
  json_build_array('owner', pg_get_userbyid(p.pubowner)))::text
FROM pg_publication p
UNION ALL
SELECT 'role', '', '', r.rolname, 'r/' || r.oid, false, NULL, '', json_build_array(
  json_build_array('attributes', concat_ws(', ', CASE WHEN r.rolsuper THEN 'superuser' END, CASE WHEN r.rolcanlogin THEN 'login' END, CASE WHEN r.rolcreatedb THEN 'createdb' END,
    CASE WHEN r.rolcreaterole THEN 'createrole' END, CASE WHEN r.rolreplication THEN 'replication' END, CASE WHEN r.rolbypassrls THEN 'bypassrls' END, CASE WHEN NOT r.rolinherit THEN 'noinherit' END)),
  json_build_array('member of', (SELECT string_agg(DISTINCT pg_get_userbyid(m.roleid), ', ') FROM pg_auth_members m WHERE m.member = r.oid)))::text
FROM pg_roles r WHERE r.rolname !~ '^pg_'
UNION ALL
SELECT 'setting', '', '', split_part(c.setting, '=', 1) || CASE WHEN s.setrole <> 0 THEN ' of role ' || quote_ident(pg_get_userbyid(s.setrole)) ELSE '' END
    || CASE WHEN s.setdatabase <> 0 THEN ' in the database' ELSE '' END,
  '', false, NULL, '', json_build_array(json_build_array('value', substr(c.setting, strpos(c.setting, '=') + 1)))::text
FROM pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) AS c(setting)
WHERE s.setdatabase IN (0, (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
