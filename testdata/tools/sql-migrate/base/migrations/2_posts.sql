-- +migrate Up
-- posts of users
CREATE TABLE posts (
    id bigint PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES users (id)
);
CREATE INDEX posts_author_id ON posts (author_id);

-- +migrate StatementBegin
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.id := NEW.id;
    RETURN NEW;
END
$$;
-- +migrate StatementEnd

-- +migrate Down
DROP TABLE posts;
DROP FUNCTION touch();
