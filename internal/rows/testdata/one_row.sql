-- Tables that hold one row at most, and what refers to it.
-- except adversarial duplicates: company.name logo.width
-- except benign duplicates: branch.company_id desk.company_id
CREATE TABLE company (id uuid PRIMARY KEY, name text NOT NULL);
CREATE UNIQUE INDEX company_is_one ON company ((1));
CREATE TABLE logo (company_id uuid PRIMARY KEY REFERENCES company, width int NOT NULL);
CREATE TABLE branch (id bigint PRIMARY KEY, company_id uuid NOT NULL REFERENCES company, city text);
CREATE TABLE desk (branch_id bigint NOT NULL REFERENCES branch, company_id uuid NOT NULL REFERENCES company, number int, UNIQUE (branch_id, number));

CREATE TABLE flags (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), level int NOT NULL CHECK (level BETWEEN 1 AND 3));
CREATE TABLE flag_notes (flags boolean NOT NULL REFERENCES flags, note text);
