package rows

import (
	"slices"
	"testing"
)

// TestFillPlantsTrees has benign rows that refer to their own table make one tree, and
// names partitioned tables that cannot hold rows.
func TestFillPlantsTrees(t *testing.T) {
	d := newDatabase(t)
	d.load(t, `
		CREATE TABLE folder (id int PRIMARY KEY, parent_id int REFERENCES folder);
		CREATE TABLE part (tenant int NOT NULL, id int, parent int, PRIMARY KEY (tenant, id), FOREIGN KEY (tenant, parent) REFERENCES part);
		CREATE TABLE ring (id int PRIMARY KEY, next int NOT NULL REFERENCES ring);
		CREATE TABLE full_root (id int PRIMARY KEY, parent int REFERENCES full_root CHECK (parent IS NOT NULL));
		CREATE TABLE events (at date NOT NULL) PARTITION BY RANGE (at);`)
	if f, told := d.fill(t, Options{Set: Adversarial})["public.events"]; told {
		t.Errorf("events, which nobody asked for: %+v", f)
	}
	d.load(t, "TRUNCATE folder, part, ring, full_root")
	filled := d.fill(t, Options{Set: Benign, Tables: []string{"public.folder", "public.part", "public.ring", "public.full_root", "public.events"}})
	for _, table := range []string{"folder", "part", "ring", "full_root"} {
		if f := filled["public."+table]; f.Err != nil || f.Rows != defaultRows {
			t.Errorf("%s: %+v", table, f)
		}
	}
	if f := filled["public.events"]; f.Err != errNoPartition {
		t.Errorf("events: %+v", f)
	}
	for table, want := range map[string][]Root{"folder": {{"public", "folder", "parent_id"}}, "part": {{"public", "part", "parent"}}, "ring": nil, "full_root": nil} {
		if got := filled["public."+table].Roots; !slices.Equal(got, want) {
			t.Errorf("roots of %s: %v, want %v", table, got, want)
		}
	}
	reached := `WITH RECURSIVE r AS (SELECT id FROM folder WHERE parent_id IS NULL UNION ALL SELECT f.id FROM folder f JOIN r ON f.parent_id = r.id)
		SELECT concat_ws(' ', count(*), (SELECT count(*) FROM part WHERE parent IS NULL), (SELECT count(*) FROM full_root WHERE parent IS NULL)) FROM r`
	if got := d.texts(t, reached); got[0] != "12 1 0" {
		t.Errorf("rows below the roots, roots of part and of full_root: %s", got)
	}
	d.checkConstraints(t)
}
