-- Names that need quotes, and names that mean something else.
CREATE SCHEMA "a.b";
CREATE SCHEMA "it's ""odd""";
CREATE TYPE "a.b"."my ""type'" AS ENUM ('x''y', '$k', '%s');
CREATE TABLE "a.b"."t""; DROP TABLE x; --" ("id'" int PRIMARY KEY, "select" text NOT NULL CHECK ("select" IN ('$k', 'it''s', '%d')), "k" int, "g" "a.b"."my ""type'", "value" text, "Ünïcode 💥" text UNIQUE, "a""b" int CHECK ("a""b" > 5000));
CREATE TABLE "it's ""odd"""."g" ("g.k" int PRIMARY KEY, k int REFERENCES "a.b"."t""; DROP TABLE x; --", "g" int NOT NULL CHECK (k IS NULL OR g <> k));
CREATE TABLE "order" ("user" int REFERENCES "it's ""odd"""."g", "table" text, "C" int, c int, UNIQUE ("C", c));
