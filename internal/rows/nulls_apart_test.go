package rows

import "testing"

// TestFillNullsApart wants of any two columns each NULL where the other is not, and none where a
// CHECK forbids it.
func TestFillNullsApart(t *testing.T) {
	d := newDatabase(t)
	d.load(t, `
		CREATE TABLE cards (id int PRIMARY KEY, a text, b int, c date);
		CREATE TABLE pairs (id int PRIMARY KEY, a text, b text, CHECK ((a IS NULL) = (b IS NULL)));
		CREATE TABLE places (x int, y int, PRIMARY KEY (x, y));
		CREATE TABLE visits (id int PRIMARY KEY, x int, y int, FOREIGN KEY (x, y) REFERENCES places MATCH FULL);`)
	filled := d.fill(t, Options{Set: Adversarial})
	for query, want := range map[string]string{
		"SELECT concat_ws(' ', bool_or(a IS NULL AND b IS NOT NULL), bool_or(b IS NULL AND a IS NOT NULL), bool_or(a IS NULL AND c IS NOT NULL), bool_or(c IS NULL AND a IS NOT NULL), bool_or(b IS NULL AND c IS NOT NULL), bool_or(c IS NULL AND b IS NOT NULL), bool_or(a IS NULL AND b IS NULL AND c IS NULL)) FROM cards": "t t t t t t t",
		"SELECT concat_ws(' ', bool_or(a IS NULL), bool_or(a IS NOT NULL)) FROM pairs": "t t",
	} {
		if got := d.texts(t, query); got[0] != want {
			t.Errorf("%s: %s, want %s", query, got[0], want)
		}
	}
	for _, table := range []string{"cards", "pairs", "places", "visits"} {
		if f := filled["public."+table]; f.Err != nil || f.Rows < defaultRows {
			t.Errorf("%+v", f)
		}
	}
	d.checkConstraints(t)
}
