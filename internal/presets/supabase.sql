CREATE ROLE anon NOLOGIN;
CREATE ROLE authenticated NOLOGIN;
CREATE ROLE service_role NOLOGIN;
CREATE ROLE authenticator NOINHERIT;
CREATE ROLE dashboard_user NOLOGIN;
CREATE ROLE supabase_admin NOLOGIN;
CREATE ROLE supabase_auth_admin NOLOGIN;
CREATE ROLE supabase_storage_admin NOLOGIN;
CREATE ROLE supabase_realtime_admin NOLOGIN;
GRANT anon, authenticated, service_role TO authenticator;

CREATE SCHEMA auth;
CREATE SCHEMA extensions;
CREATE SCHEMA graphql_public;
CREATE SCHEMA realtime;
CREATE SCHEMA storage;
GRANT USAGE ON SCHEMA public, auth, extensions, graphql_public, realtime, storage TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON FUNCTIONS TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON SEQUENCES TO anon, authenticated, service_role;

CREATE TYPE auth.aal_level AS ENUM ('aal1', 'aal2', 'aal3');
CREATE TYPE auth.factor_type AS ENUM ('totp', 'webauthn', 'phone');
CREATE TYPE auth.factor_status AS ENUM ('unverified', 'verified');
CREATE TABLE auth.users (
	id uuid PRIMARY KEY,
	instance_id uuid,
	aud varchar(255),
	role varchar(255),
	email varchar(255),
	encrypted_password varchar(255),
	email_confirmed_at timestamptz,
	invited_at timestamptz,
	confirmation_token varchar(255),
	confirmation_sent_at timestamptz,
	recovery_token varchar(255),
	recovery_sent_at timestamptz,
	email_change_token_new varchar(255),
	email_change varchar(255),
	email_change_sent_at timestamptz,
	last_sign_in_at timestamptz,
	raw_app_meta_data jsonb,
	raw_user_meta_data jsonb,
	is_super_admin boolean,
	created_at timestamptz,
	updated_at timestamptz,
	phone text UNIQUE,
	phone_confirmed_at timestamptz,
	phone_change text DEFAULT '',
	phone_change_token varchar(255) DEFAULT '',
	phone_change_sent_at timestamptz,
	confirmed_at timestamptz GENERATED ALWAYS AS (LEAST(email_confirmed_at, phone_confirmed_at)) STORED,
	email_change_token_current varchar(255) DEFAULT '',
	email_change_confirm_status smallint DEFAULT 0 CHECK (email_change_confirm_status BETWEEN 0 AND 2),
	banned_until timestamptz,
	reauthentication_token varchar(255) DEFAULT '',
	reauthentication_sent_at timestamptz,
	is_sso_user boolean NOT NULL DEFAULT false,
	deleted_at timestamptz,
	is_anonymous boolean NOT NULL DEFAULT false
);
CREATE TABLE auth.identities (
	provider_id text NOT NULL,
	user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE,
	identity_data jsonb NOT NULL,
	provider text NOT NULL,
	last_sign_in_at timestamptz,
	created_at timestamptz,
	updated_at timestamptz,
	email text GENERATED ALWAYS AS (lower(identity_data ->> 'email')) STORED,
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	UNIQUE (provider_id, provider)
);
CREATE TABLE auth.sessions (
	id uuid PRIMARY KEY,
	user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE,
	created_at timestamptz,
	updated_at timestamptz,
	factor_id uuid,
	aal auth.aal_level,
	not_after timestamptz,
	refreshed_at timestamp,
	user_agent text,
	ip inet,
	tag text
);
CREATE TABLE auth.refresh_tokens (
	instance_id uuid,
	id bigserial PRIMARY KEY,
	token varchar(255) UNIQUE,
	user_id varchar(255),
	revoked boolean,
	created_at timestamptz,
	updated_at timestamptz,
	parent varchar(255),
	session_id uuid REFERENCES auth.sessions ON DELETE CASCADE
);
CREATE TABLE auth.mfa_factors (
	id uuid PRIMARY KEY,
	user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE,
	friendly_name text,
	factor_type auth.factor_type NOT NULL,
	status auth.factor_status NOT NULL,
	created_at timestamptz NOT NULL,
	updated_at timestamptz NOT NULL,
	secret text,
	phone text,
	last_challenged_at timestamptz UNIQUE
);
CREATE TABLE auth.mfa_challenges (
	id uuid PRIMARY KEY,
	factor_id uuid NOT NULL REFERENCES auth.mfa_factors ON DELETE CASCADE,
	created_at timestamptz NOT NULL,
	verified_at timestamptz,
	ip_address inet NOT NULL,
	otp_code text
);
CREATE TABLE auth.mfa_amr_claims (
	session_id uuid NOT NULL REFERENCES auth.sessions ON DELETE CASCADE,
	created_at timestamptz NOT NULL,
	updated_at timestamptz NOT NULL,
	authentication_method text NOT NULL,
	id uuid PRIMARY KEY,
	UNIQUE (session_id, authentication_method)
);
CREATE TABLE auth.audit_log_entries (
	instance_id uuid,
	id uuid PRIMARY KEY,
	payload json,
	created_at timestamptz,
	ip_address varchar(64) NOT NULL DEFAULT ''
);
CREATE TABLE auth.instances (id uuid PRIMARY KEY, uuid uuid, raw_base_config text, created_at timestamptz, updated_at timestamptz);
CREATE TABLE auth.sso_providers (id uuid PRIMARY KEY, resource_id text, created_at timestamptz, updated_at timestamptz);
CREATE TABLE auth.schema_migrations (version varchar(255) PRIMARY KEY);
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';
CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text';
CREATE FUNCTION auth.email() RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text';
CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS 'SELECT NULL::jsonb';

CREATE TABLE storage.buckets (
	id text PRIMARY KEY,
	name text NOT NULL UNIQUE,
	owner uuid,
	owner_id text,
	public boolean DEFAULT false,
	avif_autodetection boolean DEFAULT false,
	file_size_limit bigint,
	allowed_mime_types text[],
	created_at timestamptz DEFAULT now(),
	updated_at timestamptz DEFAULT now()
);
CREATE TABLE storage.objects (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	bucket_id text REFERENCES storage.buckets,
	name text,
	owner uuid,
	owner_id text,
	metadata jsonb,
	user_metadata jsonb,
	version text,
	path_tokens text[] GENERATED ALWAYS AS (string_to_array(name, '/')) STORED,
	created_at timestamptz DEFAULT now(),
	updated_at timestamptz DEFAULT now(),
	last_accessed_at timestamptz DEFAULT now(),
	UNIQUE (bucket_id, name)
);
CREATE TABLE storage.migrations (id integer PRIMARY KEY, name varchar(100) NOT NULL UNIQUE, hash varchar(40) NOT NULL, executed_at timestamp DEFAULT now());
CREATE TABLE storage.s3_multipart_uploads (
	id text PRIMARY KEY,
	in_progress_size bigint NOT NULL DEFAULT 0,
	upload_signature text NOT NULL,
	bucket_id text NOT NULL REFERENCES storage.buckets,
	key text NOT NULL,
	version text NOT NULL,
	owner_id text,
	created_at timestamptz NOT NULL DEFAULT now(),
	user_metadata jsonb
);
ALTER TABLE storage.buckets ENABLE ROW LEVEL SECURITY;
ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION storage.foldername(name text) RETURNS text[] LANGUAGE sql IMMUTABLE AS 'SELECT NULL::text[]';
CREATE FUNCTION storage.filename(name text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT NULL::text';
CREATE FUNCTION storage.search(
	prefix text, bucketname text, limits integer DEFAULT 100, levels integer DEFAULT 1, offsets integer DEFAULT 0, search text DEFAULT '', sortcolumn text DEFAULT 'name', sortorder text DEFAULT 'asc'
) RETURNS TABLE (name text, id uuid, updated_at timestamptz, created_at timestamptz, last_accessed_at timestamptz, metadata jsonb) LANGUAGE sql STABLE AS 'SELECT NULL::text, NULL::uuid, NULL::timestamptz, NULL::timestamptz, NULL::timestamptz, NULL::jsonb LIMIT 0';
CREATE FUNCTION storage.extension(name text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT NULL::text';

CREATE TABLE realtime.messages (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	topic text NOT NULL,
	extension text NOT NULL,
	payload jsonb,
	event text,
	private boolean DEFAULT false,
	inserted_at timestamp NOT NULL DEFAULT now(),
	updated_at timestamp NOT NULL DEFAULT now()
);
ALTER TABLE realtime.messages ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION realtime.topic() RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text';
CREATE FUNCTION realtime.send(payload jsonb, event text, topic text, private boolean DEFAULT true) RETURNS void LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION realtime.broadcast_changes(
	topic_name text, event_name text, operation text, table_name text, table_schema text, new record, old record, level text DEFAULT 'ROW'
) RETURNS void LANGUAGE plpgsql AS 'BEGIN END';
CREATE PUBLICATION supabase_realtime;

CREATE SCHEMA vault;
CREATE TABLE vault.secrets (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	name text UNIQUE,
	description text NOT NULL DEFAULT '',
	secret text NOT NULL,
	key_id uuid,
	nonce bytea,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE VIEW vault.decrypted_secrets AS SELECT id, name, description, secret, secret AS decrypted_secret, key_id, nonce, created_at, updated_at FROM vault.secrets;
CREATE FUNCTION vault.create_secret(new_secret text, new_name text DEFAULT NULL, new_description text DEFAULT '', new_key_id uuid DEFAULT NULL)
	RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid';
CREATE FUNCTION vault.update_secret(secret_id uuid, new_secret text DEFAULT NULL, new_name text DEFAULT NULL, new_description text DEFAULT NULL, new_key_id uuid DEFAULT NULL)
	RETURNS void LANGUAGE plpgsql AS 'BEGIN END';

CREATE FUNCTION graphql_public.graphql("operationName" text DEFAULT NULL, query text DEFAULT NULL, variables jsonb DEFAULT NULL, extensions jsonb DEFAULT NULL)
	RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb';
