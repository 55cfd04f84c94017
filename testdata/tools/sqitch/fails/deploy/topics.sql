-- Deploy forum:topics to pg
CREATE TABLE topics (id bigint PRIMARY KEY);
ALTER TABLE topics ADD COLUMN name txt;
