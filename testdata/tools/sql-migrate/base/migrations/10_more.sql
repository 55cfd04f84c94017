-- +migrate Up
CREATE TABLE more (id bigint PRIMARY KEY); -- nothing in it yet

-- +migrate Down
DROP TABLE more;
