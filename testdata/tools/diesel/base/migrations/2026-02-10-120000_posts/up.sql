CREATE TABLE posts (
    id bigint PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES users (id)
);
CREATE INDEX posts_author_id ON posts (author_id);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.id := NEW.id;
    RETURN NEW;
END
$$;
