CREATE TABLE "pins" (
	"id" serial PRIMARY KEY NOT NULL,
	"name" text NOT NULL
);
