package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/schema"
)

func TestDiffOnPostgres(t *testing.T) {
	const base = `
CREATE SCHEMA app;
CREATE TYPE mood AS ENUM ('sad');
CREATE TABLE a (id int PRIMARY KEY, note text, n int DEFAULT 1 CHECK (n > 0));
CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);
CREATE INDEX a_note_idx ON a (note);
CREATE VIEW v AS SELECT 1 AS id;
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE p (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE loose (id int, at date);
`
	for _, c := range []struct {
		name, change string
		version      int // the oldest one that knows it
		want         string
	}{
		{name: "nothing", change: "SELECT 1"},
		{name: "put back", change: "ALTER TABLE a DROP COLUMN note; ALTER TABLE a ADD COLUMN note text; CREATE INDEX a_note_idx ON a (note)"},
		{name: "column", change: "ALTER TABLE a ADD COLUMN x int NOT NULL DEFAULT 5", want: "added column a.x"},
		{name: "dropped column", change: "ALTER TABLE a DROP COLUMN note", want: "removed column a.note\nremoved index a_note_idx on a"},
		{name: "type and default", change: "ALTER TABLE a ALTER COLUMN n TYPE bigint, ALTER COLUMN n DROP DEFAULT",
			want: "changed column a.n: type integer → bigint, default 1 → "},
		{name: "not null", change: "ALTER TABLE a ALTER COLUMN note SET NOT NULL", want: "changed column a.note: not null  → yes"},
		{name: "table renamed", change: "ALTER TABLE a RENAME TO c",
			want: "changed foreign key b_a_id_fkey on b: definition FOREIGN KEY (a_id) REFERENCES public.a(id) → FOREIGN KEY (a_id) REFERENCES public.c(id)\nchanged table c: name a → c"},
		{name: "table swapped", change: "ALTER TABLE a RENAME TO a_old; CREATE TABLE a (LIKE a_old)",
			want: "changed column a.n: default 1 → \nremoved primary key a_pkey on a\nremoved check constraint a_n_check on a\nremoved index a_note_idx on a\n" +
				"added table a_old\nadded column a_old.id\nadded column a_old.n\nadded column a_old.note\nadded primary key a_pkey on a_old\nadded check constraint a_n_check on a_old\nadded index a_note_idx on a_old\n" +
				"changed foreign key b_a_id_fkey on b: definition FOREIGN KEY (a_id) REFERENCES public.a(id) → FOREIGN KEY (a_id) REFERENCES public.a_old(id)"},
		{name: "column renamed", change: "ALTER TABLE b RENAME COLUMN id TO key",
			want: "changed column b.key: name id → key\nchanged primary key b_pkey on b: definition PRIMARY KEY (id) → PRIMARY KEY (key)"},
		{name: "moved", change: "ALTER TABLE b SET SCHEMA app", want: "changed table app.b: schema public → app"},
		{name: "made again", change: "DROP VIEW v; CREATE VIEW v AS SELECT 1 AS id"},
		{name: "enum value", change: "ALTER TYPE mood ADD VALUE 'ok'", want: "changed enum mood: values 'sad' → 'sad', 'ok'"},
		{name: "function", change: "DROP FUNCTION f(int); CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
			want: "removed function f(integer)\nadded function f(text)"},
		{name: "partitioned parent", change: "ALTER TABLE p ADD COLUMN x int; CREATE INDEX p_idx ON p (x); CREATE TABLE p2 PARTITION OF p FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')",
			want: "added column p.x\nadded index p_idx on p\nadded table p2"},
		{name: "attached", change: "ALTER TABLE p ATTACH PARTITION loose DEFAULT",
			want: "changed table loose: partition of  → public.p, partition bound  → DEFAULT"},
		{name: "row security", change: "ALTER TABLE a ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON a USING (id > 1)",
			want: "changed table a: row security  → enabled\nadded policy mine on a"},
		{name: "grants", change: "GRANT SELECT ON a TO PUBLIC; REVOKE SELECT ON a FROM PUBLIC; GRANT DELETE ON a TO PUBLIC",
			want: "added grant on a to PUBLIC"},
		{name: "grant taken back", change: "GRANT SELECT ON a TO PUBLIC; REVOKE SELECT ON a FROM PUBLIC"},
		{name: "hostile search path", change: `CREATE FUNCTION public.format(text, name, name) RETURNS text LANGUAGE sql AS 'SELECT ''evil''';
CREATE TEMP TABLE pg_class (oid int); CREATE TABLE public.pg_namespace (oid int);
SET search_path = public, pg_temp, pg_catalog; SET quote_all_identifiers = on; SET standard_conforming_strings = off; SET client_encoding = latin1; SET DateStyle = 'German'`,
			want: "added table pg_namespace\nadded column pg_namespace.oid\nadded function format(text, name, name)"},
		{name: "not valid not null", version: 18, change: "ALTER TABLE a ADD CONSTRAINT whatever NOT NULL note NOT VALID", want: "changed column a.note: not null  → not valid"},
		{name: "named not null", version: 18, change: "ALTER TABLE a ADD CONSTRAINT whatever NOT NULL note", want: "changed column a.note: not null  → yes"},
		{name: "virtual", version: 18, change: "ALTER TABLE a ADD COLUMN twice int GENERATED ALWAYS AS (n * 2) VIRTUAL", want: "added column a.twice"},
		{name: "nulls not distinct", version: 15, change: "ALTER TABLE a ADD CONSTRAINT k UNIQUE NULLS NOT DISTINCT (note)", want: "added unique constraint k on a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, version := range postgrestest.Versions(t) {
				conn := open(t, version)
				if postgrestest.Server(t, version).Major() < c.version {
					continue
				}
				run(t, conn, base)
				before := read(t, conn)
				run(t, conn, c.change)
				if got := lines(schema.Diff(before, read(t, conn), schema.Options{Renames: true})); got != c.want {
					t.Errorf("PostgreSQL %s:\n%s\nwant:\n%s", version, got, c.want)
				}
			}
		})
	}
}

func lines(changes []schema.Change) string {
	var list []string
	for _, c := range changes {
		line := fmt.Sprintf("%s %s", c.What, c.Object)
		for i, d := range c.Differences {
			line += fmt.Sprintf("%s %s %s → %s", map[bool]string{true: ":", false: ","}[i == 0], d.Property, d.From, d.To)
		}
		list = append(list, line)
	}
	return strings.Join(list, "\n")
}
