-- Deploy forum:posts to pg
-- requires: users
BEGIN;

CREATE TABLE posts (
    id        bigint PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES users (id)
);
CREATE INDEX posts_author ON posts (author_id);
CREATE TABLE moods (name text PRIMARY KEY);
COPY moods (name) FROM stdin;
glad
it's fine; really
\.

COMMIT;
