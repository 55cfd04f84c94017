-- drizzle-kit knows no triggers, so this one is written by hand.
CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.updated_at := now();
	RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER tasks_touch_updated_at
	BEFORE UPDATE ON tasks
	FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
