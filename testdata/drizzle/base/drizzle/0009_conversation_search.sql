-- Searching conversations by what their title says; no extension needed.
CREATE INDEX conversations_title_idx ON conversations USING gin (to_tsvector('english', title));
--> statement-breakpoint
COMMENT ON INDEX conversations_title_idx IS 'used by the search box of the inbox';
