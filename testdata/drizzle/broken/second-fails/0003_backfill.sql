INSERT INTO "labels" ("name") VALUES (NULL);
