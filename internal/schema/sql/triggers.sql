SELECT 'trigger', r.nspname, r.relname, t.tgname, 'g/' || t.oid, t.tgparentid <> 0, NULL::text[], '', json_build_array(
  json_build_array('definition', pg_get_triggerdef(t.oid)),
  json_build_array('enabled', CASE t.tgenabled WHEN 'D' THEN 'no' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END),
  json_build_array('comment', obj_description(t.oid, 'pg_trigger')))::text
FROM rel r JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal
UNION ALL
SELECT 'rule', r.nspname, r.relname, w.rulename, 'w/' || w.oid, false, NULL, '', json_build_array(
  json_build_array('definition', pg_get_ruledef(w.oid)),
  json_build_array('enabled', CASE w.ev_enabled WHEN 'D' THEN 'no' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END),
  json_build_array('comment', obj_description(w.oid, 'pg_rewrite')))::text
FROM rel r JOIN pg_rewrite w ON w.ev_class = r.oid AND w.rulename <> '_RETURN'
UNION ALL
SELECT 'policy', r.nspname, r.relname, p.polname, 'p/' || p.oid, false, NULL, '', json_build_array(
  json_build_array('command', CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END),
  json_build_array('restrictive', CASE WHEN NOT p.polpermissive THEN 'yes' END),
  json_build_array('to', (SELECT string_agg(CASE WHEN u.role = 0 THEN 'public' ELSE pg_get_userbyid(u.role) END, ', ' ORDER BY pg_get_userbyid(u.role)) FROM unnest(p.polroles) AS u(role))),
  json_build_array('using', pg_get_expr(p.polqual, p.polrelid)),
  json_build_array('with check', pg_get_expr(p.polwithcheck, p.polrelid)),
  json_build_array('comment', obj_description(p.oid, 'pg_policy')))::text
FROM rel r JOIN pg_policy p ON p.polrelid = r.oid
UNION ALL
SELECT 'event trigger', '', '', e.evtname, 'e/' || e.oid, false, NULL, '', json_build_array(
  json_build_array('event', e.evtevent),
  json_build_array('tags', array_to_string(e.evttags, ', ')),
  json_build_array('function', e.evtfoid::regprocedure::text),
  json_build_array('enabled', CASE e.evtenabled WHEN 'D' THEN 'no' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END))::text
FROM pg_event_trigger e
JOIN pg_proc f ON f.oid = e.evtfoid JOIN ns ON ns.oid = f.pronamespace
WHERE NOT EXISTS (SELECT FROM owned o WHERE o.classid = 'pg_event_trigger'::regclass AND o.objid = e.oid)
