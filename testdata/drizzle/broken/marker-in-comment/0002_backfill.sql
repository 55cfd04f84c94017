-- a --> statement-breakpoint here splits the comment
INSERT INTO "notes" ("body") VALUES ('one');
