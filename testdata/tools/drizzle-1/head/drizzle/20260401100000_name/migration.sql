ALTER TABLE users ADD COLUMN name text;--> statement-breakpoint
ALTER TABLE users DROP COLUMN email;
