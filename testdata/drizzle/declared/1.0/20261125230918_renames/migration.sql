ALTER SCHEMA "billing" RENAME TO "money";
--> statement-breakpoint
ALTER TYPE "status" RENAME TO "state";--> statement-breakpoint
DROP MATERIALIZED VIEW "money"."totals";--> statement-breakpoint
ALTER TABLE "secrets" RENAME TO "safes";--> statement-breakpoint
ALTER TABLE "users" RENAME COLUMN "code" TO "zip";--> statement-breakpoint
CREATE MATERIALIZED VIEW "money"."totals" AS (select "owner", count(*) as "n" from "money"."accounts" group by "money"."accounts"."owner");