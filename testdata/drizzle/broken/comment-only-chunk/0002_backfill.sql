-- Backfill of the notes.
--> statement-breakpoint
INSERT INTO "notes" ("body") VALUES ('one');
--> statement-breakpoint
/* Nothing more to do. */
--> statement-breakpoint
