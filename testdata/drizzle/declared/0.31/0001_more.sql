ALTER TYPE "billing"."plan" ADD VALUE 'pro';--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "note" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER POLICY "secrets_write" ON "secrets" TO public WITH CHECK (owner > 3);