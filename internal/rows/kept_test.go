package rows

import (
	"slices"
	"testing"
)

// TestFillRefersToRowsThatAreThere has tables that take no more rows than migrations wrote:
// one, by an index or a CHECK, and as many as an enum has labels.
func TestFillRefersToRowsThatAreThere(t *testing.T) {
	d := newDatabase(t)
	d.load(t, `
		CREATE TABLE company (id uuid PRIMARY KEY, name text);
		CREATE UNIQUE INDEX ON company ((true));
		INSERT INTO company VALUES ('6f1c2a7e-0000-4000-8000-000000000001', 'ours');
		CREATE TABLE branch (id int PRIMARY KEY, company_id uuid NOT NULL REFERENCES company);
		CREATE TABLE logo (company_id uuid PRIMARY KEY REFERENCES company);
		CREATE TABLE version (id int PRIMARY KEY CHECK (id = 1), number int);
		INSERT INTO version VALUES (1, 7);
		CREATE TABLE upgrade (at int, version int NOT NULL REFERENCES version);
		CREATE TYPE level AS ENUM ('low', 'high');
		CREATE TABLE levels (level level PRIMARY KEY, rank int UNIQUE CHECK (rank IN (1, 2)));
		INSERT INTO levels VALUES ('low', 1), ('high', 2);
		CREATE TABLE risk (id int PRIMARY KEY, level level NOT NULL REFERENCES levels);`)
	for _, set := range []Set{Benign, Adversarial} {
		filled := d.fill(t, Options{Set: set})
		for table, want := range map[string]int{"company": 0, "branch": defaultRows, "logo": 1, "version": 0, "upgrade": defaultRows, "levels": 0, "risk": defaultRows} {
			if f := filled["public."+table]; f.Err != nil || f.Rows != want {
				t.Errorf("%s: %+v, want %d rows", table, f, want)
			}
		}
		d.checkConstraints(t)
		if got := d.texts(t, "SELECT DISTINCT level::text FROM risk ORDER BY 1"); !slices.Equal(got, []string{"high", "low"}) {
			t.Errorf("risk refers to %v", got)
		}
		d.load(t, "TRUNCATE branch, logo, upgrade, risk")
	}
}

// TestFillRefersToRowsOfTablesItCannotFill has tables of which no value is found, so that others
// were to have no rows either, before it is known that there are some.
func TestFillRefersToRowsOfTablesItCannotFill(t *testing.T) {
	d := newDatabase(t)
	d.load(t, `
		CREATE DOMAIN secret AS int CHECK (VALUE * 7 = 1234569 - 7 AND VALUE % 2 = 0);
		CREATE TABLE codes (id int PRIMARY KEY, secret secret NOT NULL);
		INSERT INTO codes VALUES (1, 176366);
		CREATE TABLE uses (id int PRIMARY KEY, code int NOT NULL REFERENCES codes);
		CREATE TABLE logs (use int NOT NULL REFERENCES uses);
		CREATE TABLE lost (id int PRIMARY KEY, secret secret NOT NULL);
		CREATE TABLE finds (lost int NOT NULL REFERENCES lost);`)
	for _, set := range []Set{Benign, Adversarial} {
		filled := d.fill(t, Options{Set: set})
		for table, want := range map[string]int{"uses": defaultRows, "logs": defaultRows, "lost": 0, "finds": 0} {
			if f := filled["public."+table]; (f.Err == nil) != (want > 0) || f.Rows != want {
				t.Errorf("%s: %+v, want %d rows", table, f, want)
			}
		}
		d.checkConstraints(t)
		d.load(t, "TRUNCATE uses, logs")
	}
}
