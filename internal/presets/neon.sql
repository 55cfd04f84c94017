CREATE ROLE neon_superuser NOLOGIN;
CREATE ROLE authenticated NOLOGIN;
CREATE ROLE anonymous NOLOGIN;

CREATE SCHEMA auth;
CREATE FUNCTION auth.user_id() RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text';
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';
CREATE FUNCTION auth.session() RETURNS jsonb LANGUAGE sql STABLE AS 'SELECT NULL::jsonb';

CREATE SCHEMA neon_auth;
CREATE TABLE neon_auth.users_sync (
	raw_json jsonb NOT NULL,
	id text PRIMARY KEY GENERATED ALWAYS AS (raw_json ->> 'id') STORED,
	name text GENERATED ALWAYS AS (raw_json ->> 'display_name') STORED,
	email text GENERATED ALWAYS AS (raw_json ->> 'primary_email') STORED,
	created_at timestamptz,
	updated_at timestamptz,
	deleted_at timestamptz
);
