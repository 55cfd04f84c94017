ALTER TABLE users ADD COLUMN name text;
ALTER TABLE users DROP COLUMN email;

---- create above / drop below ----

ALTER TABLE users DROP COLUMN name;
