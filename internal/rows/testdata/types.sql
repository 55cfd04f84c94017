-- except benign duplicates: every_type.c_addresses every_type.c_emails
-- except adversarial nulls: every_type.c_percent
-- One column of every built-in type, and types of the schema's own.
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy', 'it''s "odd"');
CREATE TYPE address AS (street text, zip int);
CREATE TYPE float_range AS RANGE (subtype = float8);
CREATE DOMAIN email AS text CHECK (VALUE ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$');
CREATE DOMAIN positive AS int NOT NULL CHECK (VALUE > 0);
CREATE DOMAIN percent AS positive CHECK (VALUE <= 100);
CREATE DOMAIN iso_country AS char(2) CHECK (VALUE ~ '^[A-Z]{2}$');
CREATE TABLE every_type (
  id bigserial PRIMARY KEY,
  c_bool bool, c_int2 int2, c_int4 int4, c_int8 int8, c_oid oid, c_float4 float4, c_float8 float8,
  c_numeric numeric, c_numeric_2 numeric(10,2), c_numeric_small numeric(3,2), c_numeric_frac numeric(4,4), c_money money,
  c_text text, c_varchar varchar, c_varchar_5 varchar(5), c_varchar_255 varchar(255), c_char char, c_char_3 char(3), c_name name, c_internal "char",
  c_bytea bytea, c_uuid uuid, c_timestamp timestamp, c_timestamp_0 timestamp(0), c_timestamptz timestamptz, c_date date, c_time time, c_timetz timetz,
  c_interval interval, c_json json, c_jsonb jsonb, c_jsonpath jsonpath, c_inet inet, c_cidr cidr, c_macaddr macaddr, c_macaddr8 macaddr8,
  c_tsvector tsvector, c_tsquery tsquery, c_bit bit(5), c_varbit varbit(12), c_point point, c_box box, c_circle circle,
  c_lseg lseg, c_line line, c_path path, c_polygon polygon, c_lsn pg_lsn, c_xid xid, c_regclass regclass, c_regtype regtype,
  c_int4range int4range, c_numrange numrange, c_tsrange tsrange, c_tstzrange tstzrange NOT NULL, c_daterange daterange, c_multi int4multirange,
  c_float_range float_range, c_mood mood, c_moods mood[] NOT NULL, c_address address NOT NULL, c_addresses address[],
  c_ints int[] NOT NULL, c_texts text[], c_matrix numeric(6,2)[][], c_uuids uuid[], c_email email NOT NULL, c_emails email[],
  c_positive positive, c_percent percent, c_country iso_country, c_generated text GENERATED ALWAYS AS (lower(c_text)) STORED
);
CREATE TABLE no_columns ();
CREATE TABLE only_generated (id int GENERATED ALWAYS AS IDENTITY);
CREATE TABLE unique_types (a uuid UNIQUE, b date UNIQUE, c inet UNIQUE, d interval UNIQUE, e bytea UNIQUE, f float8 UNIQUE, g numeric(4,2) UNIQUE,
  h mood[] UNIQUE, i daterange UNIQUE, j jsonb UNIQUE, k bit(12) UNIQUE, l time UNIQUE, m macaddr UNIQUE, n tstzrange UNIQUE, o int2 UNIQUE, p email UNIQUE);
