-- Triggers, rules and row security that would refuse or change rows.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''refused''; END';
CREATE TABLE guarded (id int PRIMARY KEY, note text);
CREATE TRIGGER refuse BEFORE INSERT ON guarded FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TABLE secured (id int PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE secured ENABLE ROW LEVEL SECURITY;
ALTER TABLE secured FORCE ROW LEVEL SECURITY;
CREATE POLICY none ON secured USING (tenant = current_setting('app.tenant'));
