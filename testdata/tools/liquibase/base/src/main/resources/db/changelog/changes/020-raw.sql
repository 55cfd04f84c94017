CREATE TABLE raw (id int); -- no changeset at all
CREATE INDEX raw_id ON raw (id);
