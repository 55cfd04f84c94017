package rows

import (
	"fmt"
	"strings"
	"testing"
)

// A column for whose type no value can be made is NULL where it may be, and its table is filled.
func TestFillLeavesNullWhatItCannotMake(t *testing.T) {
	d := newDatabase(t)
	d.load(t, `
		CREATE FUNCTION raises(text) RETURNS boolean STRICT LANGUAGE plpgsql AS 'BEGIN PERFORM FROM nowhere; RETURN true; END';
		CREATE DOMAIN never AS int CHECK (VALUE > 5 AND VALUE < 5);
		CREATE DOMAIN untold AS text CHECK (raises(VALUE));
		CREATE TYPE never_range AS RANGE (SUBTYPE = never);
		CREATE TABLE parent (id int PRIMARY KEY, a never, b untold, c never[], d never_range, e text);
		CREATE TABLE child (parent_id int NOT NULL REFERENCES parent (id));
		CREATE TABLE lost (id int PRIMARY KEY, a never NOT NULL);
		CREATE TABLE lost_too (id int PRIMARY KEY, b untold NOT NULL);`)
	for _, set := range sets {
		filled := d.fill(t, Options{Set: set})
		for table, want := range map[string]bool{"public.parent": true, "public.child": true, "public.lost": false, "public.lost_too": false} {
			if f := filled[table]; (f.Err == nil && f.Rows > 0) != want {
				t.Errorf("%s: %d rows, %v", table, f.Rows, f.Err)
			}
		}
		for _, got := range d.texts(t, "SELECT concat_ws(' ', count(*) > 0, count(a), count(b), count(e) > 0) FROM parent") {
			if got != "t 0 0 t" {
				t.Errorf("rows and values of a, b and e: %s", got)
			}
		}
		d.load(t, "TRUNCATE parent, child, lost, lost_too")
	}
}

// TestFillBoundsWideTypes has a type of three million parts, which took gigabytes to write down.
func TestFillBoundsWideTypes(t *testing.T) {
	d := newDatabase(t)
	schema := "CREATE TYPE wide0 AS (" + fields("int") + ");"
	for i := range 5 {
		schema += fmt.Sprintf("CREATE TYPE wide%d AS (%s);", i+1, fields(fmt.Sprintf("wide%d", i)))
	}
	d.load(t, schema+"CREATE TABLE freight (id int PRIMARY KEY, whole wide5 NOT NULL, many wide5[] NOT NULL, few wide0 NOT NULL)")
	for _, set := range sets {
		if f := d.fill(t, Options{Set: set})["public.freight"]; f.Err != nil || f.Rows != defaultRows {
			t.Errorf("%+v", f)
		}
		if got := d.texts(t, "SELECT (count((few).f0) = count(*))::text FROM freight"); got[0] != "true" {
			t.Errorf("a narrow type is filled: %s", got)
		}
		d.load(t, "TRUNCATE freight")
	}
}

// fields are twelve of a type.
func fields(of string) string {
	list := make([]string, 12)
	for i := range list {
		list[i] = fmt.Sprintf("f%d %s", i, of)
	}
	return strings.Join(list, ", ")
}
