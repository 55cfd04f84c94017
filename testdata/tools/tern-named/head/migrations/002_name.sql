ALTER TABLE users ADD COLUMN name text;

---- create above / drop below ----

ALTER TABLE users DROP COLUMN name;
