CREATE SCHEMA IF NOT EXISTS net;
GRANT USAGE ON SCHEMA net TO PUBLIC;
CREATE TABLE net.http_request_queue (
	id bigserial PRIMARY KEY,
	method text NOT NULL,
	url text NOT NULL,
	headers jsonb,
	body bytea,
	timeout_milliseconds integer NOT NULL
);
CREATE TABLE net._http_response (
	id bigint,
	status_code integer,
	content_type text,
	headers jsonb,
	content text,
	timed_out boolean,
	error_msg text,
	created timestamptz NOT NULL DEFAULT now()
);
CREATE FUNCTION net.http_get(url text, params jsonb DEFAULT '{}', headers jsonb DEFAULT '{}', timeout_milliseconds integer DEFAULT 5000)
	RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
CREATE FUNCTION net.http_post(url text, body jsonb DEFAULT '{}', params jsonb DEFAULT '{}', headers jsonb DEFAULT '{"Content-Type": "application/json"}', timeout_milliseconds integer DEFAULT 5000)
	RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
CREATE FUNCTION net.http_delete(url text, params jsonb DEFAULT '{}', headers jsonb DEFAULT '{}', timeout_milliseconds integer DEFAULT 5000, body jsonb DEFAULT NULL)
	RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
