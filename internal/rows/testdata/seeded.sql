CREATE TABLE countries (id serial PRIMARY KEY, code text NOT NULL UNIQUE, name text NOT NULL);
INSERT INTO countries (code, name) VALUES ('de', 'Germany'), ('fr', 'France');
CREATE TABLE towns (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, country_id int NOT NULL REFERENCES countries, name text);
INSERT INTO towns (country_id, name) VALUES (1, 'Bonn');
CREATE SEQUENCE numbers START 500;
CREATE TABLE numbered (n bigint PRIMARY KEY DEFAULT nextval('numbers'), note text DEFAULT 'x');
