--! Previous: sha1:38687bd693a19c641368a81d7b5a9223b12972e0
--! Hash: sha1:7e77b4d395ecd4c9849d925f26ee4c05f4230a71
--! Message: posts

CREATE TABLE posts (
  id bigint PRIMARY KEY,
  author_id bigint NOT NULL REFERENCES users (id)
);
CREATE INDEX posts_author ON posts (author_id);
