COMMIT;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "notes_body_idx" ON "notes" USING btree ("body");