ALTER TYPE "public"."task_status" ADD VALUE 'waiting' BEFORE 'done';--> statement-breakpoint
ALTER TABLE "messages" ALTER COLUMN "body" SET DATA TYPE text;