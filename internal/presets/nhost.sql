CREATE ROLE nhost_admin NOLOGIN;
CREATE ROLE nhost_hasura NOLOGIN;
CREATE ROLE nhost_auth_admin NOLOGIN;
CREATE ROLE nhost_storage_admin NOLOGIN;

CREATE SCHEMA auth;
CREATE TABLE auth.roles (role text PRIMARY KEY);
CREATE TABLE auth.users (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	last_seen timestamptz,
	disabled boolean NOT NULL DEFAULT false,
	display_name text NOT NULL DEFAULT '',
	avatar_url text NOT NULL DEFAULT '',
	locale varchar(2) NOT NULL DEFAULT 'en',
	email text UNIQUE,
	phone_number text UNIQUE,
	password_hash text,
	email_verified boolean NOT NULL DEFAULT false,
	phone_number_verified boolean NOT NULL DEFAULT false,
	default_role text NOT NULL DEFAULT 'user' REFERENCES auth.roles,
	is_anonymous boolean NOT NULL DEFAULT false,
	metadata jsonb
);
CREATE TABLE auth.user_roles (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	created_at timestamptz NOT NULL DEFAULT now(),
	user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE,
	role text NOT NULL REFERENCES auth.roles,
	UNIQUE (user_id, role)
);
CREATE TABLE auth.refresh_tokens (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	created_at timestamptz NOT NULL DEFAULT now(),
	expires_at timestamptz NOT NULL,
	user_id uuid NOT NULL REFERENCES auth.users ON UPDATE CASCADE ON DELETE CASCADE,
	metadata jsonb,
	refresh_token_hash varchar(255)
);
CREATE TABLE auth.providers (id text PRIMARY KEY);
CREATE TABLE auth.user_providers (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	user_id uuid NOT NULL REFERENCES auth.users ON UPDATE CASCADE ON DELETE CASCADE,
	access_token text NOT NULL,
	refresh_token text,
	provider_id text NOT NULL REFERENCES auth.providers,
	provider_user_id text NOT NULL,
	UNIQUE (user_id, provider_id),
	UNIQUE (provider_id, provider_user_id)
);
CREATE FUNCTION auth.set_current_timestamp_updated_at() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.updated_at := now(); RETURN NEW; END';

CREATE SCHEMA storage;
CREATE TABLE storage.buckets (
	id text PRIMARY KEY,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	download_expiration integer NOT NULL DEFAULT 30,
	min_upload_file_size integer NOT NULL DEFAULT 1,
	max_upload_file_size integer NOT NULL DEFAULT 50000000,
	cache_control text DEFAULT 'max-age=3600',
	presigned_urls_enabled boolean NOT NULL DEFAULT true
);
CREATE TABLE storage.files (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	bucket_id text NOT NULL DEFAULT 'default' REFERENCES storage.buckets ON DELETE CASCADE,
	name text,
	size integer,
	mime_type text,
	etag text,
	is_uploaded boolean DEFAULT false,
	uploaded_by_user_id uuid,
	metadata jsonb
);
CREATE FUNCTION storage.set_current_timestamp_updated_at() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.updated_at := now(); RETURN NEW; END';
