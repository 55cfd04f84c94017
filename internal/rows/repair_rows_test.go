package rows

import (
	"fmt"
	"strings"
	"testing"
)

// TestFillKeepsRowsOddUnderFullKeys has tables that want more rows than their keys give pairs: the parents get more,
// or the table fewer, and what is left holds NULLs and duplicates.
func TestFillKeepsRowsOddUnderFullKeys(t *testing.T) {
	d := newDatabase(t)
	labels := make([]string, 40)
	for i := range labels {
		labels[i] = fmt.Sprintf("'v%d'", i)
	}
	d.load(t, `
		CREATE TYPE version AS ENUM (`+strings.Join(labels, ", ")+`);
		CREATE TYPE side AS ENUM ('left', 'right');
		CREATE TABLE buyers (id uuid PRIMARY KEY);
		CREATE TABLE regions (id uuid PRIMARY KEY);
		CREATE TABLE shops (id uuid PRIMARY KEY, region_id uuid NOT NULL UNIQUE REFERENCES regions);
		CREATE TABLE visits (id uuid PRIMARY KEY, buyer_id uuid NOT NULL REFERENCES buyers, shop_id uuid NOT NULL REFERENCES shops,
			version version, side side, UNIQUE (buyer_id, shop_id));
		CREATE TABLE sides (id int PRIMARY KEY CHECK (id BETWEEN 1 AND 12));
		CREATE TABLE colours (id int PRIMARY KEY CHECK (id BETWEEN 1 AND 12));
		CREATE TABLE paints (id int PRIMARY KEY, side_id int NOT NULL REFERENCES sides, colour_id int NOT NULL REFERENCES colours,
			version version, side side, UNIQUE (side_id, colour_id));`)
	filled := d.fill(t, Options{Set: Adversarial})
	for table, column := range map[string]string{"visits": "buyer_id", "paints": "side_id"} {
		if f := filled["public."+table]; f.Err != nil || f.Rows < defaultRows {
			t.Errorf("%s: %+v", table, f)
		}
		got := d.texts(t, "SELECT concat_ws(' ', count(*) > count(version), count(DISTINCT side), count(*) > count(DISTINCT "+column+")) FROM "+table)
		if got[0] != "t 2 t" {
			t.Errorf("%s: NULLs, sides and duplicates: %s", table, got[0])
		}
	}
	if got := d.texts(t, "SELECT count(DISTINCT version)::text FROM visits"); got[0] != "33" {
		t.Errorf("%s versions are visited", got[0])
	}
	d.checkConstraints(t)
}

// TestFillKeepsNullsBesideAStrictCheck has a CHECK on more columns than are tried in pairs, which no odd text passes.
func TestFillKeepsNullsBesideAStrictCheck(t *testing.T) {
	d := newDatabase(t)
	d.load(t, `
		CREATE TABLE plates (id int PRIMARY KEY, a text NOT NULL, b text NOT NULL, c text NOT NULL, d text NOT NULL, e text NOT NULL, n int,
			CHECK (a || b || c || d || e ~ '^[A-Za-z0-9]{5,}$'));
		CREATE TABLE mounts (id int PRIMARY KEY, plate int NOT NULL REFERENCES plates, n int);`)
	filled := d.fill(t, Options{Set: Adversarial})
	for _, table := range []string{"plates", "mounts"} {
		if f := filled["public."+table]; f.Err != nil || f.Rows != defaultRows {
			t.Errorf("%s: %+v", table, f)
		}
		if got := d.texts(t, "SELECT concat_ws(' ', count(*) > count(n), count(n) > count(DISTINCT n)) FROM "+table); got[0] != "t t" {
			t.Errorf("%s: NULLs and duplicates: %s", table, got[0])
		}
	}
	d.checkConstraints(t)
}
