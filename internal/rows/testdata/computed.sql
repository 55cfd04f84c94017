-- except benign duplicates: totals.a
-- except adversarial nulls: ratios.needed
-- Generated columns and indexes whose expressions fail on some values.
CREATE TABLE ratios (
  id int PRIMARY KEY, won int NOT NULL, played int, rate numeric GENERATED ALWAYS AS (won::numeric / played) STORED,
  raw text, parsed int GENERATED ALWAYS AS (raw::int) STORED, needed text, shown text GENERATED ALWAYS AS (upper(needed)) STORED NOT NULL
);
CREATE TABLE logs (id int PRIMARY KEY, line text NOT NULL, level jsonb, weight int);
CREATE INDEX ON logs ((line::int));
CREATE INDEX ON logs (id) WHERE 100 / weight > 1;
CREATE INDEX ON logs (((level ->> 'n')::int), id);
CREATE UNIQUE INDEX ON logs (((level ->> 'code')::int));
CREATE TABLE totals (id int PRIMARY KEY, a int2, b int2, total int2 GENERATED ALWAYS AS (a * b) STORED CHECK (total < 10000));
