-- AlterTable
ALTER TABLE users ADD COLUMN name text;
-- No transaction is around it: each statement is a message.
CREATE INDEX CONCURRENTLY users_name ON users (name);
