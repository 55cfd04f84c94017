-- Deploy forum:topics to pg
BEGIN;
CREATE TABLE topics (id bigint PRIMARY KEY);
