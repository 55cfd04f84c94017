CREATE EXTENSION citext;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION ltree;
CREATE EXTENSION hstore;
CREATE TABLE members (id int PRIMARY KEY, email citext NOT NULL UNIQUE CHECK (email ~* '^[^@]+@[^@]+$'), name citext, path ltree NOT NULL UNIQUE, props hstore, paths ltree[]);
CREATE INDEX ON members USING gin (name gin_trgm_ops);
CREATE INDEX ON members USING gist (path);
CREATE TABLE groups (path ltree PRIMARY KEY REFERENCES members (path), owner citext REFERENCES members (email));
