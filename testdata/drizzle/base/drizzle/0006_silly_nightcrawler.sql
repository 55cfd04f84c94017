CREATE TABLE "plans" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"seats" integer,
	"monthly_price" numeric(10, 2) NOT NULL,
	"is_public" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
INSERT INTO "plans" ("id", "name", "seats", "monthly_price") VALUES
	('free', 'Free', 3, 0),
	('team', 'Team', 25, 49.00),
	('business', 'Business', NULL, 199.00);
--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "plan_id" text DEFAULT 'free' NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD CONSTRAINT "organizations_plan_id_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plans"("id") ON DELETE no action ON UPDATE no action;