-- +goose NO TRANSACTION
-- +goose Up
ALTER TABLE users ADD COLUMN name text;
ALTER TABLE users ADD COLUMN name text;
