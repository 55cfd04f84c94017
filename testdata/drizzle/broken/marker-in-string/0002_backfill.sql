INSERT INTO "notes" ("body") VALUES ('before --> statement-breakpoint after');
