-- Without the functions that come with range types.
, fn AS MATERIALIZED (
  SELECT p.*, n.nspname, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS signature
  FROM pg_proc p JOIN ns n ON n.oid = p.pronamespace
  WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
)
SELECT CASE f.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, f.nspname, '', f.signature, 'f/' || f.oid, false, NULL::text[], '', json_build_array(
  json_build_array('returns', pg_get_function_result(f.oid)),
  json_build_array('definition', pg_get_functiondef(f.oid)),
  json_build_array('owner', pg_get_userbyid(f.proowner)),
  json_build_array('comment', obj_description(f.oid, 'pg_proc')))::text
FROM fn f WHERE f.prokind <> 'a'
UNION ALL
SELECT 'aggregate', f.nspname, '', f.signature, 'f/' || f.oid, false, NULL, '', json_build_array(
  json_build_array('returns', pg_get_function_result(f.oid)),
  json_build_array('definition', format('sfunc %s, stype %s, finalfunc %s, combinefunc %s, initcond %L, sortop %s',
    a.aggtransfn, a.aggtranstype::regtype, a.aggfinalfn, a.aggcombinefn, a.agginitval, a.aggsortop::regoperator)),
  json_build_array('owner', pg_get_userbyid(f.proowner)),
  json_build_array('comment', obj_description(f.oid, 'pg_proc')))::text
FROM fn f JOIN pg_aggregate a ON a.aggfnoid = f.oid WHERE f.prokind = 'a'
