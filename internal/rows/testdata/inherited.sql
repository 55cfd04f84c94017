CREATE TABLE cities (id int PRIMARY KEY, name text NOT NULL, population int CHECK (population > 0));
CREATE TABLE capitals (state char(2) NOT NULL, UNIQUE (id)) INHERITS (cities);
CREATE TYPE point_of_interest AS (name text, kind text);
CREATE TABLE typed OF point_of_interest (name NOT NULL);
CREATE UNLOGGED TABLE cache (key text PRIMARY KEY, value bytea NOT NULL);
CREATE TABLE visits (city_id int NOT NULL REFERENCES cities, capital_id int REFERENCES capitals (id));
