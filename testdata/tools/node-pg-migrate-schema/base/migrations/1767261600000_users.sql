-- Up Migration
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE audit.events (id bigint PRIMARY KEY);

-- Down Migration
DROP TABLE events;
DROP TABLE users;
