CREATE TABLE "public"."tags" ("id" bigint NOT NULL, PRIMARY KEY ("id"));
