-- except adversarial duplicates: availability.room_id
-- Ranges, exclusion and time: rooms that cannot be booked twice, shifts within a day, recurring rules.
CREATE EXTENSION btree_gist;
CREATE TABLE rooms (id int PRIMARY KEY, capacity int NOT NULL CHECK (capacity > 0), opens time NOT NULL DEFAULT '08:00', closes time NOT NULL DEFAULT '20:00', CHECK (closes > opens));
CREATE TABLE reservations (
  id int PRIMARY KEY, room_id int NOT NULL REFERENCES rooms, period tstzrange NOT NULL CHECK (NOT isempty(period) AND lower_inc(period)), cancelled boolean NOT NULL DEFAULT false,
  EXCLUDE USING gist (room_id WITH =, period WITH &&) WHERE (NOT cancelled)
);
CREATE TABLE availability (room_id int NOT NULL REFERENCES rooms, weekday smallint NOT NULL CHECK (weekday BETWEEN 0 AND 6), hours int4range NOT NULL CHECK (hours <@ int4range(0, 5000)), PRIMARY KEY (room_id, weekday, hours));
CREATE TABLE rules (id int PRIMARY KEY, every interval NOT NULL CHECK (every > interval '0'), starts date NOT NULL, ends date, zone text NOT NULL DEFAULT 'UTC', CHECK (ends >= starts), days int[] NOT NULL CHECK (array_length(days, 1) BETWEEN 1 AND 7));
