-- except benign duplicates: tickets.level pair_bool.a pair_bool.b visits.day
-- except adversarial duplicates: pair_bool.a pair_bool.b settings.singleton_id singleton.version visits.at
-- except adversarial nulls: settings.singleton_id
-- Uniqueness of every kind.
CREATE EXTENSION btree_gist;
CREATE TABLE people (id serial PRIMARY KEY, email text, login varchar(40) UNIQUE, deleted_at timestamptz, nick text);
CREATE UNIQUE INDEX ON people (lower(email));
CREATE UNIQUE INDEX ON people (nick) WHERE deleted_at IS NULL;
CREATE TABLE follows (follower int REFERENCES people, followee int REFERENCES people, PRIMARY KEY (follower, followee), CHECK (follower <> followee));
CREATE TABLE profiles (person_id int PRIMARY KEY REFERENCES people, bio text);
CREATE TABLE flags (person_id int REFERENCES people, kind text CHECK (kind IN ('a', 'b')), PRIMARY KEY (person_id, kind));
CREATE TABLE singleton (id boolean PRIMARY KEY DEFAULT true CHECK (id), version int NOT NULL);
CREATE TABLE settings (id int PRIMARY KEY DEFAULT 1 CHECK (id = 1), singleton_id boolean REFERENCES singleton);
CREATE TABLE levels (code text PRIMARY KEY CHECK (code IN ('low', 'mid', 'high')));
CREATE TABLE tickets (id int PRIMARY KEY, level text NOT NULL REFERENCES levels, UNIQUE (level, id));
CREATE TABLE bookings (id int PRIMARY KEY, room int NOT NULL, during tstzrange NOT NULL, EXCLUDE USING gist (room WITH =, during WITH &&));
CREATE TABLE shifts (during int4range, EXCLUDE USING gist (during WITH &&));
CREATE TABLE positions (list int NOT NULL, place int NOT NULL, UNIQUE (list, place) DEFERRABLE INITIALLY DEFERRED);
CREATE TYPE weekday AS ENUM ('mo', 'tu', 'we');
CREATE TABLE hours (day weekday PRIMARY KEY, opens time NOT NULL, closes time NOT NULL, CHECK (opens < closes));
CREATE TABLE visits (day weekday REFERENCES hours, at int, PRIMARY KEY (day, at));
CREATE TABLE covering (a int, b text, UNIQUE (a) INCLUDE (b));
CREATE TABLE pair_bool (a boolean NOT NULL, b boolean NOT NULL, PRIMARY KEY (a, b));
CREATE TABLE letters (c char(1) PRIMARY KEY, d varchar(2) UNIQUE, n numeric(1,0) UNIQUE);
