-- except benign duplicates: "User".roles
-- What Prisma and Drizzle write: quoted camel case, cuid and nanoid text keys, arrays, implicit many-to-many tables.
CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN');
CREATE TABLE "User" ("id" text NOT NULL, "email" varchar(191) NOT NULL, "role" "Role" NOT NULL DEFAULT 'USER', "roles" "Role"[] DEFAULT ARRAY['USER']::"Role"[], "createdAt" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "emailVerified" timestamp(3), CONSTRAINT "User_pkey" PRIMARY KEY ("id"));
CREATE UNIQUE INDEX "User_email_key" ON "User" ("email");
CREATE TABLE "Post" ("id" serial PRIMARY KEY, "authorId" text NOT NULL, "title" text NOT NULL, "published" boolean NOT NULL DEFAULT false, "meta" jsonb, "score" double precision NOT NULL DEFAULT 0);
ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE TABLE "_PostToUser" ("A" integer NOT NULL REFERENCES "Post", "B" text NOT NULL REFERENCES "User");
CREATE UNIQUE INDEX "_PostToUser_AB_unique" ON "_PostToUser" ("A", "B");
CREATE TABLE "Account" ("provider" text NOT NULL, "providerAccountId" text NOT NULL, "userId" text NOT NULL REFERENCES "User", "expires_at" integer, CONSTRAINT "Account_pk" PRIMARY KEY ("provider", "providerAccountId"));
CREATE TABLE "VerificationToken" ("identifier" text NOT NULL, "token" text NOT NULL, "expires" timestamp(3) NOT NULL, UNIQUE ("identifier", "token"), UNIQUE ("token"));
