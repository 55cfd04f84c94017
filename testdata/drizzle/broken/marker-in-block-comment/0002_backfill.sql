/* DELETE FROM "notes";
--> statement-breakpoint
DELETE FROM "accounts"; */
INSERT INTO "notes" ("body") VALUES ('one');
