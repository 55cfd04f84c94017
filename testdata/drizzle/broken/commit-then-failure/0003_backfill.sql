INSERT INTO "notes" ("body") VALUES ('one');
--> statement-breakpoint
INSERT INTO "notes" ("body") VALUES (NULL);
