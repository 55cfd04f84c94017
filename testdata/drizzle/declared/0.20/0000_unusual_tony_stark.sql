CREATE SCHEMA "billing";
--> statement-breakpoint
DO $$ BEGIN
 CREATE TYPE "status" AS ENUM('draft', 'in review', 'done');
EXCEPTION
 WHEN duplicate_object THEN null;
END $$;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "billing"."accounts" (
	"id" integer NOT NULL,
	"part" integer NOT NULL,
	"owner" integer NOT NULL,
	"amount" numeric(12, 2) DEFAULT '0.00',
	"n" bigserial NOT NULL,
	CONSTRAINT "accounts_id_part_pk" PRIMARY KEY("id","part")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "users" (
	"id" serial PRIMARY KEY NOT NULL,
	"email" varchar(255) NOT NULL,
	"name" text DEFAULT 'none' NOT NULL,
	"state" "status" DEFAULT 'draft' NOT NULL,
	"tags" text[],
	"settings" jsonb DEFAULT '{"a":1}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"uid" uuid DEFAULT gen_random_uuid(),
	"small" integer DEFAULT -1,
	CONSTRAINT "users_email_unique" UNIQUE("email"),
	CONSTRAINT "users_two" UNIQUE("small","name")
);
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "users_name_idx" ON "users" ("name","email");--> statement-breakpoint
CREATE UNIQUE INDEX IF NOT EXISTS "users_state_idx" ON "users" ("state","small");--> statement-breakpoint
DO $$ BEGIN
 ALTER TABLE "billing"."accounts" ADD CONSTRAINT "accounts_owner_users_id_fk" FOREIGN KEY ("owner") REFERENCES "users"("id") ON DELETE cascade ON UPDATE no action;
EXCEPTION
 WHEN duplicate_object THEN null;
END $$;
