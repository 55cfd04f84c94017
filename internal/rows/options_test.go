package rows

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/postgres"
)

const shop = `
CREATE TABLE countries (id serial PRIMARY KEY, name text);
CREATE TABLE customers (id serial PRIMARY KEY, country_id int NOT NULL REFERENCES countries, referrer_id int REFERENCES customers);
CREATE TABLE orders (id serial PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, coupon_id int);
CREATE TABLE coupons (id serial PRIMARY KEY, order_id int NOT NULL REFERENCES orders);
CREATE TABLE history (id serial PRIMARY KEY, hash text);
ALTER TABLE orders ADD FOREIGN KEY (coupon_id) REFERENCES coupons;
CREATE TABLE other (id serial PRIMARY KEY);
`

func TestFillAddsParents(t *testing.T) {
	d := newDatabase(t)
	d.load(t, shop)
	filled := d.fill(t, Options{Tables: []string{"public.orders"}, Rows: 5})
	want := []string{"public.countries", "public.coupons", "public.customers", "public.orders"}
	if got := slices.Sorted(maps.Keys(filled)); !slices.Equal(got, want) {
		t.Errorf("filled %v, want %v", got, want)
	}
	for name, f := range filled {
		if f.Rows != 5 || f.Err != nil {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestFillOfPartitions(t *testing.T) {
	d := newDatabase(t)
	d.load(t, readSchema(t, "testdata/partitions.sql").sql)
	for _, test := range []struct{ asked, want string }{
		{"public.audit", "public.accounts public.audit_2024_01 public.audit_2024_02 public.audit_rest"},
		{"public.audit_2024_02", "public.accounts public.audit_2024_02"},
		{"public.audit_notes", "public.accounts public.audit_2024_01 public.audit_notes"},
		{"public.orders_us", "public.orders_us_high public.orders_us_low"},
		{"public.events_3", "public.events"},
		{"public.event_tags", "public.event_tags public.events"},
	} {
		d.load(t, "TRUNCATE accounts, audit, audit_notes, orders, events, event_tags CASCADE")
		filled := d.fill(t, Options{Tables: []string{test.asked}})
		if got := strings.Join(slices.Sorted(maps.Keys(filled)), " "); got != test.want {
			t.Errorf("%s: filled %s, want %s", test.asked, got, test.want)
		}
		for _, f := range filled {
			if f.Err != nil {
				t.Errorf("%s: %+v", test.asked, f)
			}
		}
	}
}

func TestFillNeverTouchesExcluded(t *testing.T) {
	d := newDatabase(t)
	d.load(t, shop)
	filled := d.fill(t, Options{Exclude: []string{"public.history", "public.countries"}})
	for _, name := range []string{"public.history", "public.countries"} {
		if _, ok := filled[name]; ok {
			t.Errorf("%s was filled", name)
		}
	}
	if f := filled["public.customers"]; f.Rows != 0 || f.Err == nil || !strings.Contains(f.Err.Error(), "customers_country_id_fkey") {
		t.Errorf("customers must refer to countries, but: %+v", f)
	}
	if f := filled["public.orders"]; f.Rows != 0 || f.Err == nil {
		t.Errorf("orders must refer to customers, but: %+v", f)
	}
	if f := filled["public.other"]; f.Rows != defaultRows || f.Err != nil {
		t.Errorf("other: %+v", f)
	}
	if got := d.texts(t, "SELECT count(*)::text FROM history UNION ALL SELECT count(*)::text FROM countries"); !slices.Equal(got, []string{"0", "0"}) {
		t.Errorf("rows in excluded tables: %v", got)
	}
	d.checkConstraints(t)
}

func TestFillNeedsReplica(t *testing.T) {
	d := newDatabase(t)
	if _, err := Fill(context.Background(), d.owner, Options{}); !errors.Is(err, ErrNotReplica) {
		t.Errorf("got %v", err)
	}
}

// TestFillerIsNoSuperuser proves what the other tests rely on: they fill as a member of the owner's role.
func TestFillerIsNoSuperuser(t *testing.T) {
	d := newDatabase(t)
	d.load(t, "CREATE TABLE who (id int PRIMARY KEY, name text CHECK (name IS NOT NULL OR current_setting('is_superuser') = 'off'), by text DEFAULT current_user)")
	if f := d.fill(t, Options{Set: Adversarial})["public.who"]; f.Err != nil || f.Rows != defaultRows+2 {
		t.Errorf("%+v", f)
	}
	var super, member bool
	err := d.filler.QueryRow(context.Background(), "SELECT rolsuper, pg_has_role(rolname, $1, 'USAGE') FROM pg_roles WHERE rolname = session_user", postgres.OwnerName).Scan(&super, &member)
	if err != nil || super || !member {
		t.Errorf("superuser %v, member %v, %v", super, member, err)
	}
	if _, err := d.filler.Exec(context.Background(), "SET session_replication_role = replica"); err == nil {
		t.Error("the filler may set session_replication_role itself")
	}
}

func TestFillTwiceGivesTheSameRows(t *testing.T) {
	var dumps [2][]string
	for i := range dumps {
		d := newDatabase(t)
		d.load(t, readSchema(t, "testdata/saas.sql").sql)
		d.load(t, readSchema(t, "testdata/checks.sql").sql)
		d.fill(t, Options{Set: Adversarial})
		for _, name := range d.texts(t, "SELECT c.oid::regclass::text FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1") {
			dumps[i] = append(dumps[i], d.texts(t, "SELECT '"+name+"' || t::text FROM "+name+" t ORDER BY 1")...)
		}
	}
	if len(dumps[0]) < 100 || !slices.Equal(dumps[0], dumps[1]) {
		t.Errorf("%d and %d rows differ", len(dumps[0]), len(dumps[1]))
	}
}

func TestFillBesideExistingRows(t *testing.T) {
	d := newDatabase(t)
	d.load(t, readSchema(t, "testdata/seeded.sql").sql)
	filled := d.fill(t, Options{})
	for name, f := range filled {
		if f.Err != nil || f.Rows != defaultRows {
			t.Errorf("%s: %+v", name, f)
		}
	}
	// Applications insert after the filler did.
	d.load(t, `
		INSERT INTO countries (code, name) VALUES ('it', 'Italy');
		INSERT INTO towns (country_id, name) VALUES (1, 'Rome');
		INSERT INTO numbered DEFAULT VALUES;`)
	if got := d.texts(t, "SELECT max(id)::text FROM countries UNION ALL SELECT max(id)::text FROM towns UNION ALL SELECT max(n)::text FROM numbered"); !slices.Equal(got, []string{"1013", "1013", "1013"}) {
		t.Errorf("sequences stand at %v", got)
	}
}

// TestFillMovesSequencesOfAnyName has names that mean something else, or nothing, without their quotes.
func TestFillMovesSequencesOfAnyName(t *testing.T) {
	d := newDatabase(t)
	d.load(t, `
		CREATE SCHEMA "it's ""odd""";
		CREATE TABLE "it's ""odd"""."T\.""; --" ("Id's" int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)`)
	d.fill(t, Options{})
	d.load(t, `INSERT INTO "it's ""odd"""."T\.""; --" DEFAULT VALUES`)
	if got := d.texts(t, `SELECT max("Id's")::text FROM "it's ""odd"""."T\.""; --"`); !slices.Equal(got, []string{"1013"}) {
		t.Errorf("the sequence gave %v", got)
	}
}

// TestFillConflicts has existing rows that take some of the filler's keys, and children of those not inserted.
func TestFillConflicts(t *testing.T) {
	d := newDatabase(t)
	d.load(t, `
		CREATE TABLE parents (id int PRIMARY KEY, code text UNIQUE);
		INSERT INTO parents SELECT n, '1010' FROM generate_series(1, 1) n;
		INSERT INTO parents VALUES (1003, 'x');
		CREATE TABLE children (id int PRIMARY KEY, code text NOT NULL REFERENCES parents (code));
		CREATE TABLE grandchildren (id int PRIMARY KEY REFERENCES children);`)
	filled := d.fill(t, Options{})
	for name, want := range map[string]int{"public.parents": 10, "public.children": 11, "public.grandchildren": 11} {
		if f := filled[name]; f.Rows != want || f.Err == nil {
			t.Errorf("%s: %+v, want %d rows", name, f, want)
		}
	}
	d.checkConstraints(t)
}

func TestFillKeepsTriggersAndRowSecurity(t *testing.T) {
	d := newDatabase(t)
	d.load(t, readSchema(t, "testdata/triggers.sql").sql)
	d.fill(t, Options{})
	if got := d.texts(t, "SELECT relforcerowsecurity::text FROM pg_class WHERE relname = 'secured'"); !slices.Equal(got, []string{"true"}) {
		t.Errorf("FORCE ROW LEVEL SECURITY: %v", got)
	}
	if _, err := d.owner.Exec(context.Background(), "INSERT INTO guarded VALUES (1)"); err == nil {
		t.Error("the trigger no longer fires")
	}
}
