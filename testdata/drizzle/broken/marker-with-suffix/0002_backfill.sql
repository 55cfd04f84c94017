INSERT INTO "notes" ("body") VALUES ('one');
--> statement-breakpoints
INSERT INTO "notes" ("body") VALUES ('two');
