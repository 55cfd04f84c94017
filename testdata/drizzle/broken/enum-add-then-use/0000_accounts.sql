CREATE TYPE "public"."plan" AS ENUM('free');--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" serial PRIMARY KEY NOT NULL,
	"plan" "plan" DEFAULT 'free' NOT NULL
);
