CREATE TABLE posts (
    id bigint PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES users (id)
);
CREATE INDEX posts_author_id ON posts (author_id);
