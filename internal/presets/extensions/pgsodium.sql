CREATE SCHEMA IF NOT EXISTS pgsodium;
GRANT USAGE ON SCHEMA pgsodium TO PUBLIC;
CREATE TYPE pgsodium.key_status AS ENUM ('default', 'valid', 'invalid', 'expired');
CREATE TYPE pgsodium.key_type AS ENUM (
	'aead-ietf', 'aead-det', 'hmacsha512', 'hmacsha256', 'auth', 'shorthash', 'generichash', 'kdf', 'secretbox', 'secretstream', 'stream_xchacha20'
);
CREATE TABLE pgsodium.key (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	status pgsodium.key_status DEFAULT 'valid',
	created timestamptz NOT NULL DEFAULT now(),
	expires timestamptz,
	key_type pgsodium.key_type,
	key_id bigint,
	key_context bytea DEFAULT '\x7067736f6469756d',
	name text UNIQUE,
	associated_data text DEFAULT 'associated',
	raw_key bytea,
	raw_key_nonce bytea,
	parent_key uuid REFERENCES pgsodium.key,
	comment text,
	user_data text
);
CREATE VIEW pgsodium.valid_key AS SELECT id, name, status, key_type, key_id, key_context, created, expires, associated_data FROM pgsodium.key;
CREATE FUNCTION pgsodium.create_key(key_type pgsodium.key_type DEFAULT 'aead-det', name text DEFAULT NULL)
	RETURNS pgsodium.valid_key LANGUAGE sql AS
	'WITH made AS (INSERT INTO pgsodium.key (key_type, name) VALUES ($1, $2) RETURNING *)
	 SELECT id, name, status, key_type, key_id, key_context, created, expires, associated_data FROM made';
CREATE FUNCTION pgsodium.crypto_aead_det_encrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea DEFAULT NULL)
	RETURNS bytea LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION pgsodium.crypto_aead_det_decrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea DEFAULT NULL)
	RETURNS bytea LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION pgsodium.crypto_aead_det_noncegen() RETURNS bytea LANGUAGE sql AS 'SELECT ''\x00''::bytea';
CREATE FUNCTION pgsodium.randombytes_buf(size integer) RETURNS bytea LANGUAGE sql AS 'SELECT decode(repeat(''00'', $1), ''hex'')';
