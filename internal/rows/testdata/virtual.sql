-- since 18
CREATE TABLE prices (id int PRIMARY KEY, net int NOT NULL, tax int, gross int GENERATED ALWAYS AS (net + tax) VIRTUAL, CHECK (gross > net));
CREATE EXTENSION btree_gist;
CREATE TABLE rooms (id int, valid_at daterange, PRIMARY KEY (id, valid_at WITHOUT OVERLAPS));
CREATE TABLE stays (id int PRIMARY KEY, room int NOT NULL, valid_at daterange NOT NULL, FOREIGN KEY (room, PERIOD valid_at) REFERENCES rooms (id, PERIOD valid_at));
CREATE TABLE lax (id int PRIMARY KEY, n int CHECK (n > 10) NOT ENFORCED, room int NOT NULL CONSTRAINT named NOT NULL);
