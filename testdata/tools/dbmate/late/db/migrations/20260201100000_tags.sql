-- migrate:up
CREATE TABLE tags (
    id bigint PRIMARY KEY
);

-- migrate:down
DROP TABLE tags;
