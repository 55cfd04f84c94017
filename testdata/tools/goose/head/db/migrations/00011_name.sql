-- +goose Up
ALTER TABLE users ADD COLUMN name text;
ALTER TABLE users DROP COLUMN email;

-- +goose Down
ALTER TABLE users DROP COLUMN name;
