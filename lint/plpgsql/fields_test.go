package plpgsql

import "testing"

func TestWithoutFields(t *testing.T) {
	for body, want := range map[string]string{
		"BEGIN r.total := f(r.id); END":                                                         "BEGIN r       := f(r.id); END",
		"BEGIN IF a THEN r.a.b = 1; ELSE r.a[pg_reload_conf()] := 2; END":                       "BEGIN IF a THEN r     = 1; ELSE r  [pg_reload_conf()] := 2; END",
		"BEGIN SELECT a.b, c INTO STRICT r.x, s.y FROM a.b; END":                                "BEGIN SELECT a.b, c INTO STRICT r  , s   FROM a.b; END",
		"BEGIN INSERT INTO pg_catalog.pg_authid SELECT 1; MERGE INTO a.b USING c.d; END":        "BEGIN INSERT INTO pg_catalog.pg_authid SELECT 1; MERGE INTO a.b USING c.d; END",
		"BEGIN PERFORM pg_catalog.pg_reload_conf(); x := 'r.a := 1; r.b = 2'; -- r.c := 3\nEND": "BEGIN PERFORM pg_catalog.pg_reload_conf(); x := 'r.a := 1; r.b = 2'; -- r.c := 3\nEND",
		"BEGIN UPDATE t SET a = r.b WHERE t.c = 1; r.":                                          "BEGIN UPDATE t SET a = r.b WHERE t.c = 1; r.",
		"BEGIN SELECT 1 INTO r.":                                                                "BEGIN SELECT 1 INTO r.",
	} {
		if got := WithoutFields(body); got != want {
			t.Errorf("%s:\n got %s\nwant %s", body, got, want)
		}
	}
}

func TestCutAssignment(t *testing.T) {
	for text, want := range map[string][2]string{
		"a := b = c":             {"a ", " b = c"},
		"a[b = c] /* = */ = 1":   {"a[b = c] /* = */ ", " 1"},
		"a['='] := f(d => ':=')": {"a['='] ", " f(d => ':=')"},
	} {
		target, value, found := CutAssignment(text)
		if !found || target != want[0] || value != want[1] {
			t.Errorf("%s: %q and %q", text, target, value)
		}
	}
	if _, _, found := CutAssignment("a"); found {
		t.Error("a assigns")
	}
}
