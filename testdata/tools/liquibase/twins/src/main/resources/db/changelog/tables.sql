--liquibase formatted sql

--changeset ann:users
--comment: who can log in
CREATE TABLE users (
    id bigint PRIMARY KEY,
    email ${kind} NOT NULL
);
--rollback DROP TABLE users;

--changeset ann:posts labels:blog context:"!test"
CREATE TABLE posts (
    id bigint PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES users (id)
);
CREATE INDEX posts_author_id ON posts (author_id);
--rollback DROP TABLE posts;

--changeset bob:elsewhere dbms:mysql
CREATE TABLE elsewhere (id int) ENGINE=InnoDB;

--changeset ann:users
CREATE TABLE tags (
    id bigint PRIMARY KEY
);
