-- Soft deletion, at most one default per owner, counters, polymorphic references, trees by path.
CREATE TABLE owners (id bigint PRIMARY KEY, deleted_at timestamptz, version int NOT NULL DEFAULT 1 CHECK (version > 0));
CREATE TABLE addresses (id bigint PRIMARY KEY, owner_id bigint NOT NULL REFERENCES owners, is_default boolean NOT NULL DEFAULT false, label text NOT NULL);
CREATE UNIQUE INDEX one_default ON addresses (owner_id) WHERE is_default;
CREATE UNIQUE INDEX live_label ON addresses (owner_id, lower(label)) WHERE label <> '';
CREATE TABLE attachments (id bigint PRIMARY KEY, subject_type text NOT NULL CHECK (subject_type IN ('owner', 'address')), subject_id bigint NOT NULL, size bigint NOT NULL CHECK (size >= 0 AND size < 1073741824), sha256 bytea NOT NULL CHECK (length(sha256) = 32), UNIQUE (subject_type, subject_id));
CREATE TABLE pages (id bigint PRIMARY KEY, parent_id bigint REFERENCES pages, path text NOT NULL UNIQUE CHECK (path ~ '^/([a-z0-9-]+/)*$'), depth int NOT NULL CHECK (depth >= 0), CHECK ((parent_id IS NULL) = (depth = 0)));
CREATE TABLE webhooks (id bigint PRIMARY KEY, url text NOT NULL CHECK (url ~* '^https?://'), secret text NOT NULL CHECK (length(secret) >= 32), events text[] NOT NULL CHECK (events <> '{}'), headers jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(headers) = 'object'));
