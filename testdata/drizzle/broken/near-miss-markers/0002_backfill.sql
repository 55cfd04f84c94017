INSERT INTO "notes" ("body") VALUES ('one');
-->statement-breakpoint
INSERT INTO "notes" ("body") VALUES ('two');
--> Statement-Breakpoint
INSERT INTO "notes" ("body") VALUES ('three');
-->  statement-breakpoint
INSERT INTO "notes" ("body") VALUES ('four');
