SELECT 'schema', '', '', n.nspname, 'n/' || n.oid, false, NULL::text[], '', json_build_array(
  json_build_array('owner', pg_get_userbyid(n.nspowner)),
  json_build_array('comment', obj_description(n.oid, 'pg_namespace')))::text
FROM ns n
WHERE NOT EXISTS (SELECT FROM owned o WHERE o.classid = 'pg_namespace'::regclass AND o.objid = n.oid)
UNION ALL
SELECT 'extension', '', '', e.extname, 'x/' || e.oid, false, NULL, '', json_build_array(
  json_build_array('version', e.extversion),
  json_build_array('schema', (SELECT n.nspname FROM pg_namespace n WHERE n.oid = e.extnamespace)))::text
FROM pg_extension e
WHERE e.extname <> 'plpgsql'
