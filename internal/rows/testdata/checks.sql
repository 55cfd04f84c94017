CREATE TABLE jobs (
  id int PRIMARY KEY,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
  started_at timestamptz, finished_at timestamptz, error text, attempts int NOT NULL DEFAULT 0 CHECK (attempts BETWEEN 0 AND 25),
  CHECK ((state = 'queued' AND started_at IS NULL AND finished_at IS NULL AND error IS NULL)
      OR (state = 'running' AND started_at IS NOT NULL AND finished_at IS NULL AND error IS NULL)
      OR (state = 'done' AND started_at IS NOT NULL AND finished_at IS NOT NULL AND error IS NULL)
      OR (state = 'failed' AND started_at IS NOT NULL AND finished_at IS NOT NULL AND error IS NOT NULL)),
  CHECK (finished_at >= started_at)
);
CREATE TABLE documents (
  id int PRIMARY KEY,
  body jsonb NOT NULL CHECK (jsonb_typeof(body) = 'object'),
  meta jsonb CHECK (meta ? 'version' AND (meta ->> 'kind') IN ('note', 'page')),
  tags text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) > 0 AND tags <@ ARRAY['a', 'b', 'c']),
  title text GENERATED ALWAYS AS (body ->> 'title') STORED NOT NULL,
  views int GENERATED ALWAYS AS ((body -> 'stats' ->> 'views')::int) STORED,
  path text NOT NULL CHECK (path LIKE '/docs/%'),
  checksum bytea CHECK (octet_length(checksum) = 20), color text CHECK (color ~ '^#[0-9a-fA-F]{6}$'), version text CHECK (version ~ '^\d+\.\d+\.\d+$')
);
CREATE TABLE products (
  sku varchar(12) PRIMARY KEY CHECK (sku ~ '^[A-Z]{2}-\d{4}$'),
  price numeric(10,2) NOT NULL CHECK (price > 0), sale_price numeric(10,2) CHECK (sale_price < price),
  rating smallint CHECK (rating IN (1, 2, 3, 4, 5)), discount real CHECK (discount >= 0 AND discount <= 1),
  minimum int NOT NULL, maximum int NOT NULL, CHECK (minimum < maximum), stock int CHECK (stock % 6 = 0),
  phone text CHECK (phone ~ '^\+[1-9]\d{7,14}$'), slug text NOT NULL CHECK (slug <> '' AND slug = lower(slug) AND slug !~ '\s'),
  password_hash text CHECK (length(password_hash) = 60), valid_from date, valid_to date, CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from < valid_to)
);
CREATE FUNCTION even(n int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN n % 2 = 0; END';
CREATE TABLE called (id int PRIMARY KEY, n int NOT NULL CHECK (even(n)), owner text, team text, CHECK ((owner IS NULL) <> (team IS NULL)));
CREATE TABLE targets (id int PRIMARY KEY, target_type text NOT NULL, user_id int, group_id int, role_id int,
  CHECK (CASE target_type WHEN 'user' THEN user_id IS NOT NULL AND num_nulls(group_id, role_id) = 2
                          WHEN 'group' THEN group_id IS NOT NULL AND num_nulls(user_id, role_id) = 2 ELSE false END));
CREATE TABLE not_valid (id int PRIMARY KEY, n int);
ALTER TABLE not_valid ADD CHECK (n BETWEEN 10 AND 40) NOT VALID;
CREATE TABLE whole (id int PRIMARY KEY, n int);
CREATE FUNCTION accept(whole) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1.id > 0';
ALTER TABLE whole ADD CHECK (accept(whole.*));
