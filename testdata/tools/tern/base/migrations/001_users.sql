CREATE TABLE users (
    id bigint PRIMARY KEY,
    email text NOT NULL
);

---- create above / drop below ----

DROP TABLE users;
