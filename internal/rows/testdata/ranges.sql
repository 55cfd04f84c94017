-- except benign duplicates: made.bits
-- Types that are made of others, more than one deep.
CREATE DOMAIN code AS text CHECK (VALUE ~ '^[A-Z]{3}-\d{4}$');
CREATE DOMAIN share AS numeric(5,2) CHECK (VALUE >= 0 AND VALUE <= 100);
CREATE DOMAIN filled AS text NOT NULL;
CREATE TYPE version_range AS RANGE (SUBTYPE = int[]);
CREATE TYPE name_range AS RANGE (SUBTYPE = text, COLLATION = "C");
CREATE TYPE net_range AS RANGE (SUBTYPE = inet);
CREATE TYPE id_range AS RANGE (SUBTYPE = uuid);
CREATE TYPE share_range AS RANGE (SUBTYPE = share);
CREATE TYPE time_range AS RANGE (SUBTYPE = time);
CREATE TYPE point_of AS (x int, y int);
CREATE TYPE point_range AS RANGE (SUBTYPE = point_of);
CREATE TYPE strict_pair AS (a filled, b int[]);
CREATE TYPE nested AS (pair strict_pair, span version_range, at timestamptz);
CREATE DOMAIN span AS version_range;
CREATE DOMAIN some_codes AS code[] CHECK (array_length(VALUE, 1) > 0);
CREATE TABLE made (
  id int PRIMARY KEY,
  versions version_range NOT NULL, many_versions version_range[], spread_versions version_multirange,
  names name_range, nets net_range NOT NULL, ids id_range, shares share_range, times time_range, dates datemultirange NOT NULL,
  whens tstzmultirange, points point_range, pair point_of, strict strict_pair NOT NULL, pairs strict_pair[],
  nested nested NOT NULL, span span NOT NULL, spans span[] NOT NULL, codes code[] NOT NULL, few some_codes NOT NULL,
  bits bit(3)[], words varchar(4)[], sums numeric(4,1)[], moneys money[], marks xml, docs xml[], vectors tsvector[]
);
CREATE TABLE owned (made_id int NOT NULL REFERENCES made (id), n int);
