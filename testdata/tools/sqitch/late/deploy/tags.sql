-- Deploy forum:tags to pg
CREATE TABLE tags (id bigint PRIMARY KEY);
