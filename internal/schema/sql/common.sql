-- Begins every query. $1 are tables to leave out. The session's search_path is
-- pg_catalog, pg_temp.
WITH owned AS MATERIALIZED (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), ns AS MATERIALIZED (
  SELECT oid, nspname::text, nspowner, nspacl FROM pg_namespace
  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), rel AS MATERIALIZED (
  SELECT c.*, n.nspname FROM pg_class c JOIN ns n ON n.oid = c.relnamespace
  WHERE c.relpersistence <> 't' AND n.nspname || '.' || c.relname <> ALL ($1::text[])
    AND NOT EXISTS (SELECT FROM owned o WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid)
), described AS MATERIALIZED (
  -- obj_description would be a look-up for each object
  SELECT classoid, objoid, objsubid, description FROM pg_description WHERE objoid >= 16384
)
