-- except adversarial nulls: aliases.name aliases.domain aliases.code
-- since 15
CREATE TABLE aliases (id int PRIMARY KEY, name text, domain text, UNIQUE NULLS NOT DISTINCT (name, domain), code text UNIQUE NULLS NOT DISTINCT);
