CREATE TABLE "posts" (
	"id" integer PRIMARY KEY,
	"owner" integer
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" integer PRIMARY KEY,
	"name" text
);
