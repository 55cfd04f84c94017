CREATE TABLE "labels" (
	"id" serial PRIMARY KEY,
	"name" text NOT NULL
);
