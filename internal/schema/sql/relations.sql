SELECT CASE r.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'table' END,
  r.nspname, '', r.relname, 'c/' || r.oid, false, NULL::text[], '', json_build_array(
  json_build_array('partition by', CASE WHEN r.relkind = 'p' THEN pg_get_partkeydef(r.oid) END),
  json_build_array(CASE WHEN r.relispartition THEN 'partition of' ELSE 'inherits' END, (
    SELECT string_agg(h.inhparent::regclass::text, ', ' ORDER BY h.inhseqno) FROM pg_inherits h WHERE h.inhrelid = r.oid)),
  json_build_array('partition bound', CASE WHEN r.relispartition THEN pg_get_expr(r.relpartbound, r.oid) END),
  json_build_array('of type', CASE WHEN r.reloftype <> 0 THEN r.reloftype::regtype::text END),
  json_build_array('columns', CASE WHEN r.relkind IN ('v', 'm') THEN (
    SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
    FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped) END),
  json_build_array('definition', CASE WHEN r.relkind IN ('v', 'm') THEN pg_get_viewdef(r.oid) END),
  json_build_array('populated', CASE WHEN r.relkind = 'm' AND NOT r.relispopulated THEN 'no' END),
  json_build_array('persistence', CASE WHEN r.relpersistence = 'u' THEN 'unlogged' END),
  json_build_array('row security', CASE WHEN r.relrowsecurity THEN 'enabled' END),
  json_build_array('row security for the owner', CASE WHEN r.relforcerowsecurity THEN 'forced' END),
  json_build_array('replica identity', CASE WHEN r.relkind IN ('v', 'f') THEN NULL WHEN r.relreplident = 'n' THEN 'nothing' WHEN r.relreplident = 'f' THEN 'full' WHEN r.relreplident = 'i' THEN 'index' END),
  json_build_array('options', array_to_string(r.reloptions, ', ')),
  json_build_array('access method', CASE WHEN m.amname <> 'heap' THEN m.amname END),
  json_build_array('tablespace', s.spcname),
  json_build_array('server', f.srvname),
  json_build_array('server options', array_to_string(t.ftoptions, ', ')),
  json_build_array('owner', pg_get_userbyid(r.relowner)),
  json_build_array('comment', z.description))::text
FROM rel r
LEFT JOIN pg_am m ON m.oid = r.relam
LEFT JOIN pg_tablespace s ON s.oid = r.reltablespace
LEFT JOIN pg_foreign_table t ON t.ftrelid = r.oid
LEFT JOIN pg_foreign_server f ON f.oid = t.ftserver
LEFT JOIN described z ON z.classoid = 'pg_class'::regclass AND z.objoid = r.oid AND z.objsubid = 0
WHERE r.relkind IN ('r', 'p', 'f', 'v', 'm')
