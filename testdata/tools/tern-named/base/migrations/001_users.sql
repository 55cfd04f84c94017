CREATE TABLE users (id bigint PRIMARY KEY);

---- create above / drop below ----

DROP TABLE users;
