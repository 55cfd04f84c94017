package trial

import (
	"strings"
	"testing"

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
	const certain = "error [fails-on-rows] this fails on any table that has rows: "
	for _, test := range []struct{ name, sql, want, not string }{
		{"a relation is nowhere", weigh("PERFORM FROM scales"), certain + `relation "scales" does not exist; it passes only where there are none; no migration makes it`, "note"},
		{"a column is gone", weigh("PERFORM parcel FROM stops"), certain + `column "parcel" does not exist`, "note"},
		{"a function is nowhere", weigh("PERFORM tare(w)"), certain + "function tare(integer) does not exist", "note"},
		{"a trigger without RETURN", trigger("BEFORE", "NEW.depot := 'a';"), certain + "control reached end of trigger procedure", "note"},
		{"a trigger that fires itself", trigger("AFTER", "UPDATE parcels SET weight = 2 WHERE id = NEW.id; RETURN NEW;"), certain + "stack depth limit exceeded", "note"},
		{"events are pending", "UPDATE stops SET parcel_id = 0; ALTER TABLE stops ADD COLUMN note text DEFAULT clock_timestamp()::text;", certain + `cannot ALTER TABLE "stops" because it has pending trigger events`, "note"},
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
