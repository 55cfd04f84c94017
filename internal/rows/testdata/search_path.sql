-- Functions called by a CHECK use unqualified names of their own schema; other functions pretend to be the catalog's.
CREATE SCHEMA app;
CREATE TABLE app.allowed (n int PRIMARY KEY);
CREATE FUNCTION app.limit_of() RETURNS int LANGUAGE sql STABLE AS 'SELECT count(*)::int + 100000 FROM pg_class';
CREATE FUNCTION app.ok(n int) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN n < limit_of(); END';
CREATE TABLE app.things (id int PRIMARY KEY, n int CHECK (app.ok(n)));
CREATE FUNCTION public.lpad(text, int, text) RETURNS text LANGUAGE sql AS 'SELECT ''shadow''::text';
CREATE FUNCTION public.count(int) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
CREATE TABLE public.ids (id uuid PRIMARY KEY);
