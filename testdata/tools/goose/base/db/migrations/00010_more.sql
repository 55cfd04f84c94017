-- +goose Up
SELECT 1; -- nothing yet

-- +goose Down
