package trial

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

// told is what a trial says, a line each: its findings with their rules, and what it could
// not find out.
func told(result *Result) string {
	var lines []string
	for _, f := range result.Findings {
		lines = append(lines, f.Severity.String()+" ["+f.Rule+"] "+f.Message)
	}
	for _, u := range result.Unchecked {
		kind := "unchecked "
		if u.Minor {
			kind = "note "
		}
		lines = append(lines, kind+u.Reason)
	}
	return strings.Join(lines, "\n")
}

// TestRefusedWithRows runs what applies on empty tables and is refused on rows, whatever
// these hold.
func TestRefusedWithRows(t *testing.T) {
	server := postgrestest.Start(t)
	const base = `CREATE TABLE parcels (id int PRIMARY KEY, weight int, depot text);
CREATE TABLE stops (id int PRIMARY KEY, parcel_id int REFERENCES parcels DEFERRABLE INITIALLY DEFERRED);
`
	weigh := func(sql string) string {
		return "CREATE FUNCTION weigh(w int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN " + sql + "; RETURN w; END $$; UPDATE parcels SET weight = weigh(id);"
	}
	trigger := func(when, body string) string {
		return "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + body + " END $$; CREATE TRIGGER stamp " + when +
			" UPDATE ON parcels FOR EACH ROW EXECUTE FUNCTION stamp(); UPDATE parcels SET weight = 1;"
	}
	const certain = "error [fails-on-rows] this fails on any table that has rows"
	const inWeigh, inStamp = certain + ", in weigh(integer): ", certain + ", in stamp(): "
	for _, test := range []struct{ name, sql, want, not string }{
		{"a relation is nowhere", weigh("PERFORM FROM scales"), inWeigh + `relation "scales" does not exist; it passes only where there are none; no migration makes it`, "note"},
		{"a column is gone", weigh("PERFORM parcel FROM stops"), inWeigh + `column "parcel" does not exist`, "note"},
		{"a function is nowhere", weigh("PERFORM tare(w)"), inWeigh + "function tare(integer) does not exist", "note"},
		{"a trigger without RETURN", trigger("BEFORE", "NEW.depot := 'a';"), certain + ": control reached end of trigger procedure", "note"},
		{"a trigger that fires itself", trigger("AFTER", "UPDATE parcels SET weight = 2 WHERE id = NEW.id; RETURN NEW;"), inStamp + "stack depth limit exceeded", "note"},
		{"events are pending", "UPDATE stops SET parcel_id = 0; ALTER TABLE stops ADD COLUMN note text DEFAULT clock_timestamp()::text;", certain + `: cannot ALTER TABLE "stops" because it has pending trigger events`, "note"},
		{"an extension is missing", weigh("PERFORM digest(w::text, 'sha1')"), "unchecked function digest(text, unknown) does not exist; no migration creates the extension pgcrypto", "fails-on-rows"},
		{"rights are missing", weigh("PERFORM FROM pg_catalog.pg_authid"), "unchecked the migration needs more rights", "fails-on-rows"},
		{"a name out of a row", "DO $$ DECLARE d text; BEGIN FOR d IN SELECT depot FROM parcels LOOP EXECUTE format('DELETE FROM %I', d); END LOOP; END $$;", "warning [may-fail-on-rows]", "error"},
		{"its own RAISE", weigh("IF w > 3 THEN RAISE 'too heavy' USING ERRCODE = '0A000'; END IF"), "warning [may-fail-on-rows]", "error"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := told(tryFiles(t, server, Options{}, base, test.sql))
			if !strings.Contains(got, test.want) || strings.Contains(got, test.not) {
				t.Errorf("said\n%s\nwant %q and no %q", got, test.want, test.not)
			}
		})
	}
}

// TestIsOfAnyRow leaves out what the run statement by statement brings.
func TestIsOfAnyRow(t *testing.T) {
	for state, want := range map[string]bool{
		"42P01": true, "42703": true, "55006": true, "55000": true, "0A000": true, "2F005": true, "54001": true, "25006": true,
		"55P04": false, "55P03": false, "25001": false, "2D000": false, "57014": false, "40P01": false, "54000": false,
	} {
		if got := isOfAnyRow(&session.Refused{Err: &lint.SQLError{SQLState: state, Message: "refused"}}); got != want {
			t.Errorf("%s: %t", state, got)
		}
	}
}

// TestCertainBehindRefusals has refusals behind others: certain for themselves, or only
// because the earlier statement wrote nothing.
func TestCertainBehindRefusals(t *testing.T) {
	server := postgrestest.Start(t)
	const base = "CREATE TABLE parcels (id int PRIMARY KEY, weight text, depot text);\n"
	const certain = `error [fails-on-rows] this fails on any table that has rows: column "lane" of relation "parcels" contains null values`
	for _, test := range []struct{ name, sql, want, not string }{
		{
			"a guard that looks at another column raises before",
			"ALTER TABLE parcels ADD lane int; DO $$ BEGIN IF (SELECT count(*) FROM parcels) > 3 THEN RAISE 'too many parcels'; END IF; END $$; ALTER TABLE parcels ALTER lane SET NOT NULL;",
			certain, "note",
		},
		{
			"a backfill in code is refused before",
			"ALTER TABLE parcels ADD lane int; DO $$ BEGIN UPDATE parcels SET lane = 1; IF FOUND THEN RAISE 'too many parcels'; END IF; END $$; ALTER TABLE parcels ALTER lane SET NOT NULL;",
			"warning [may-fail-on-rows] this fails when", "fails-on-rows] this fails on any",
		},
		{
			"a backfill is refused before",
			"ALTER TABLE parcels ADD lane int; UPDATE parcels SET lane = (depot || 'x')::int; ALTER TABLE parcels ALTER lane SET NOT NULL;",
			"warning [may-fail-on-rows] this fails when", "fails-on-rows] this fails on any",
		},
		{
			"an UPDATE of another column is refused before",
			"ALTER TABLE parcels ADD lane int; UPDATE parcels SET id = (depot || 'x')::int; ALTER TABLE parcels ALTER lane SET NOT NULL;",
			certain, "note",
		},
		{
			"the same refusal twice is told once",
			"ALTER TABLE parcels ADD lane int; ALTER TABLE parcels ALTER lane SET NOT NULL; ALTER TABLE parcels ALTER lane SET NOT NULL, ALTER lane SET DEFAULT 1;",
			certain, certain + "; it passes only where there are none\n" + certain,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := told(tryFiles(t, server, Options{}, base, test.sql))
			if !strings.Contains(got, test.want) || strings.Contains(got, test.not) {
				t.Errorf("said\n%s\nwant %q and no %q", got, test.want, test.not)
			}
		})
	}
}

// TestWrittenNull tells a NULL that no row of the application would change from one that
// a query finds nothing for.
func TestWrittenNull(t *testing.T) {
	server := postgrestest.Start(t)
	const base = "CREATE TABLE depots (id int PRIMARY KEY, name text); CREATE TABLE parcels (id int NOT NULL, depot_id int NOT NULL);\n"
	const fails, wants = "error [does-not-apply]", "warning [may-fail-on-rows] this fails where depots holds no row"
	for sql, want := range map[string]string{
		"INSERT INTO parcels (id, depot_id) VALUES (1, (SELECT id FROM depots WHERE name = 'main'))":                                       wants,
		"INSERT INTO parcels (id, depot_id) VALUES ((SELECT count(*) FROM depots), NULL)":                                                  fails,
		"INSERT INTO parcels (id, depot_id) SELECT count(*), NULL::int FROM depots":                                                        fails,
		"INSERT INTO parcels (id) SELECT count(*) FROM depots":                                                                             fails,
		"DO $$ DECLARE d int; BEGIN SELECT id INTO d FROM depots; INSERT INTO parcels (id, depot_id) VALUES (1, d); END $$":                wants,
		"DO $$ DECLARE d int; BEGIN SELECT count(*) INTO d FROM depots; INSERT INTO parcels (id, depot_id) VALUES (d, NULL); END $$":       fails,
		"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_publication) THEN RAISE 'no publication'; END IF; END $$":                    fails,
		"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_publication) AND NOT EXISTS (SELECT FROM depots) THEN RAISE 'no depot'; END IF; END $$": "warning [may-fail-on-rows] this raises by itself where depots holds no row",
	} {
		if got := told(tryFiles(t, server, Options{}, base, sql)); !strings.Contains(got, want) {
			t.Errorf("%s\nsaid\n%s\nwant %q", sql, got, want)
		}
	}
}

// TestEnumOfThisTransaction uses a label that is added to an enum in the transaction that
// makes it, which PostgreSQL takes since 17: running statement by statement hides nothing.
func TestEnumOfThisTransaction(t *testing.T) {
	const base = "CREATE TABLE parcels (id int PRIMARY KEY);\n"
	const use = " ALTER TYPE hue ADD VALUE 'blue'; ALTER TABLE parcels ADD h hue NOT NULL DEFAULT 'blue'; UPDATE parcels SET h = 'blue' WHERE id > 3;"
	onEachServer(t, func(t *testing.T, server *postgres.Server) {
		for _, sql := range []string{"CREATE TYPE hue AS ENUM ('red');" + use, "DO $$ BEGIN CREATE TYPE hue AS ENUM ('red'); END $$;" + use} {
			result := tryFiles(t, server, Options{VersionGiven: true}, base, sql)
			if got := told(result); strings.Contains(got, "unsafe use") != (server.Major() < 17) || strings.Contains(got, "not with rows") {
				t.Errorf("%s\nsaid\n%s", sql, got)
			}
		}
	})
}

// TestTreesHaveRoots fills a table that refers to itself: its first row has no parent, which
// is likely and not certain.
func TestTreesHaveRoots(t *testing.T) {
	server := postgrestest.Start(t)
	const base = "CREATE TABLE depots (id int PRIMARY KEY, parent_id int REFERENCES depots, depth int);\n"
	const likely = "warning [may-fail-on-rows] this fails when there is a row where depots.parent_id is NULL"
	for sql, want := range map[string]string{
		"ALTER TABLE depots ALTER parent_id SET NOT NULL":                                                           likely,
		"UPDATE depots SET parent_id = id WHERE parent_id IS NULL; ALTER TABLE depots ALTER parent_id SET NOT NULL": "",
		"ALTER TABLE depots ADD root int; WITH RECURSIVE r AS (SELECT id, id AS root FROM depots WHERE parent_id IS NULL UNION ALL SELECT d.id, r.root FROM depots d JOIN r ON d.parent_id = r.id) UPDATE depots SET root = r.root FROM r WHERE r.id = depots.id; ALTER TABLE depots ALTER root SET NOT NULL": "warning [may-fail-on-rows] this fails when there is a row where depots.root is NULL", // in a circle
	} {
		got := told(tryFiles(t, server, Options{}, base, sql))
		if strings.Contains(got, "-on-rows]") != (want != "") || !strings.Contains(got, want) || strings.Contains(got, "error") {
			t.Errorf("%s\nsaid\n%s\nwant %q", sql, got, want)
		}
	}
}
