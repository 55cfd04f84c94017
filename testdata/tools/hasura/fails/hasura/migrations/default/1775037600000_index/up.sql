CREATE INDEX CONCURRENTLY "users_email" ON "public"."users" ("email");
