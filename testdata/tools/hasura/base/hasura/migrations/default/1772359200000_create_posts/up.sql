CREATE TABLE "public"."posts" ("id" bigint NOT NULL, "author_id" bigint NOT NULL REFERENCES "public"."users" ("id"), PRIMARY KEY ("id"));
CREATE INDEX "posts_author" ON "public"."posts" ("author_id");
