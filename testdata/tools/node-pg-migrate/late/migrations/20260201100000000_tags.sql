-- Up Migration
CREATE TABLE tags (
    id bigint PRIMARY KEY
);
