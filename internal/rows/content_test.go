package rows

import (
	"fmt"
	"testing"
)

// TestAdversarialRows asks for each thing that the adversarial set promises, on a table and its parent.
func TestAdversarialRows(t *testing.T) {
	d := newDatabase(t)
	d.load(t, `
		CREATE TYPE many AS ENUM ('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j');
		CREATE TABLE owners (id uuid PRIMARY KEY, n int NOT NULL UNIQUE);
		CREATE TABLE things (
			id int PRIMARY KEY, owner_id uuid REFERENCES owners, email text UNIQUE, free_owner uuid, free_n int,
			label many, title text, short varchar(30), n int, big bigint, price numeric(12,2), ratio float8, at timestamptz,
			body jsonb, tags text[], name text, first int NOT NULL, second int NOT NULL, UNIQUE (first, second)
		);`)
	if f := d.fill(t, Options{Set: Adversarial})["public.things"]; f.Err != nil {
		t.Fatal(f.Err)
	}
	for what, condition := range map[string]string{
		"NULL":                       "SELECT FROM things WHERE owner_id IS NULL AND label IS NULL AND title IS NULL AND n IS NULL",
		"duplicates":                 "SELECT FROM things GROUP BY name HAVING count(name) > 1",
		"duplicates in a pair":       "SELECT FROM things GROUP BY first HAVING count(*) > 1",
		"duplicates in a pair's end": "SELECT FROM things GROUP BY second HAVING count(*) > 1",
		"two children of a parent":   "SELECT FROM things GROUP BY owner_id HAVING count(owner_id) > 1",
		"case twins":                 "SELECT FROM things GROUP BY lower(email) HAVING count(DISTINCT email) > 1",
		"orphan by uuid":             "SELECT FROM things WHERE free_owner NOT IN (SELECT id FROM owners)",
		"orphan by number":           "SELECT FROM things WHERE free_n NOT IN (SELECT n FROM owners)",
		"every label":                "SELECT FROM things HAVING count(DISTINCT label) = 10",
		"long text":                  "SELECT FROM things WHERE length(title) > 255",
		"text of the full length":    "SELECT FROM things WHERE length(short) = 30",
		"empty text":                 "SELECT FROM things WHERE title = ''",
		"padded text":                "SELECT FROM things WHERE title <> rtrim(title)",
		"upper case":                 "SELECT FROM things WHERE title <> lower(title)",
		"negative":                   "SELECT FROM things WHERE n < 0",
		"zero":                       "SELECT FROM things WHERE n = 0",
		"above smallint":             "SELECT FROM things WHERE n > 32767",
		"above integer":              "SELECT FROM things WHERE big > 2147483647",
		"fraction":                   "SELECT FROM things WHERE price <> trunc(price)",
		"fraction of float8":         "SELECT FROM things WHERE ratio <> ratio::float4",
		"time of day":                "SELECT FROM things WHERE at <> date_trunc('minute', at)",
		"JSON null":                  "SELECT FROM things WHERE body = 'null'",
		"empty object":               "SELECT FROM things WHERE body = '{}'",
		"JSON array":                 "SELECT FROM things WHERE body = '[]'",
		"empty array":                "SELECT FROM things WHERE tags = '{}'",
	} {
		if got := d.texts(t, "SELECT EXISTS ("+condition+")::text"); got[0] != "true" {
			t.Errorf("no %s", what)
		}
	}
}

// TestBenignRows makes the changes that must not fail because of the rows, and those that must.
func TestBenignRows(t *testing.T) {
	for sql, fails := range map[string]bool{
		"ALTER TABLE things ALTER name TYPE int USING name::int":           false,
		"ALTER TABLE things ALTER name TYPE jsonb USING name::jsonb":       false,
		"ALTER TABLE things ALTER status TYPE status USING status::status": false,
		"ALTER TABLE things ADD CHECK (status IN ('draft', 'live'))":       false,
		"CREATE UNIQUE INDEX ON things (owner_id, name)":                   false,
		"CREATE UNIQUE INDEX ON things (name)":                             false,
		"ALTER TABLE things ALTER owner_id SET NOT NULL":                   false,
		"ALTER TABLE things ALTER name TYPE varchar(20)":                   false,
		"ALTER TABLE things ADD c int NOT NULL":                            true,
		"ALTER TABLE things ADD c int NOT NULL DEFAULT 1, ADD UNIQUE (c)":  true,
		"ALTER TABLE things ADD c int REFERENCES things DEFAULT 0":         true,
		"DELETE FROM owners": true,
		"ALTER TABLE things ADD c int NOT NULL DEFAULT 1 CHECK (c > 1)": true,
	} {
		t.Run(sql, func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t)
			d.load(t, `CREATE TYPE status AS ENUM ('draft', 'live');
				CREATE TABLE owners (id int PRIMARY KEY);
				CREATE TABLE things (id int PRIMARY KEY, owner_id int REFERENCES owners, name text, status text DEFAULT 'draft')`)
			d.fill(t, Options{})
			d.load(t, "ALTER TABLE things ALTER status DROP DEFAULT")
			if _, err := d.owner.Exec(t.Context(), sql); (err != nil) != fails {
				t.Errorf("fails: %v, %v", err != nil, err)
			}
		})
	}
}

// TestFillAnyNumberOfRows checks that the arithmetic of rows holds at its edges.
func TestFillAnyNumberOfRows(t *testing.T) {
	for _, rows := range []int{1, 2, 3, 5, 40, 150} {
		for name, set := range sets {
			t.Run(fmt.Sprintf("%d %s", rows, name), func(t *testing.T) {
				t.Parallel()
				d := newDatabase(t)
				d.load(t, readSchema(t, "testdata/saas.sql").sql)
				d.load(t, readSchema(t, "testdata/cycles.sql").sql)
				for table, f := range d.fill(t, Options{Set: set, Rows: rows}) {
					if f.Err != nil || f.Rows == 0 {
						t.Errorf("%s: %+v", table, f)
					}
				}
				d.checkConstraints(t)
			})
		}
	}
}
