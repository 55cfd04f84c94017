package lint_test

import (
	"testing"

	"github.com/migvet/migvet/lint"
)

// filled is a migration in whose first placeholder stands a value that is longer
// by 10 bytes.
func filled(path, made string, from, to int, chunk lint.Span) *lint.Migration {
	return &lint.Migration{
		Path: path, Source: made, Chunks: []lint.Span{chunk},
		Replaced: []lint.Replacement{{In: lint.Span{Start: from, End: to - 10}, Made: lint.Span{Start: from, End: to}}},
	}
}

// TestLocate gives findings by path and offset. In one file stand two
// migrations, each with a value of its own in place of a placeholder.
func TestLocate(t *testing.T) {
	const file = "DROP TABLE ${a}; DROP TABLE ${b};"
	const first, second = "DROP TABLE a_long_name_13; DROP TABLE ${b};", "DROP TABLE ${a}; DROP TABLE b_long_name_13;"
	h := &lint.History{New: []*lint.Migration{
		filled("a.sql", first, 11, 25, lint.Span{Start: 0, End: 25}),
		filled("a.sql", second, 28, 42, lint.Span{Start: 17, End: 42}),
	}}
	for _, c := range []struct {
		name       string
		start, end int
		want       string
	}{
		{"the first", 0, 25, "DROP TABLE ${a}"},
		{"inside the second", 28, 42, "${b}"},
		{"the second", 17, 42, "DROP TABLE ${b}"},
	} {
		got := lint.Run([]*lint.History{h}, []lint.Finding{trialled.At("a.sql", c.start, c.end, "refused")}, lint.Options{})
		if len(got) != 1 || file[got[0].Start:got[0].End] != c.want {
			t.Errorf("%s: got %+v", c.name, got)
		}
	}
}

// TestLocateAsTold has a finding about a statement that no path leads to: the
// down of a migration, in a file of its own with a placeholder.
func TestLocateAsTold(t *testing.T) {
	const file = "-- ${a}\nDROP TABLE b;"
	down := filled("a.down.sql", "-- 14 characters\nDROP TABLE b;", 3, 16, lint.Span{Start: 0, End: 30})
	down.Replaced[0].In.End = 7
	h := every("CREATE TABLE b ()")
	h.Downs = []*lint.Migration{down}
	found := trialled.AtStatement(down, down.Statements()[0], "does not go back")
	got := lint.Run([]*lint.History{h}, []lint.Finding{found, trialled.At("other.sql", 3, 5, "unknown")}, lint.Options{})
	if len(got) != 2 || file[got[0].Start:got[0].End] != "DROP TABLE b" || got[1].Start != 3 || got[1].End != 5 {
		t.Errorf("got %+v", got)
	}
}

func TestAll(t *testing.T) {
	h := onBase(2, "SELECT 1", "SELECT 2", "SELECT 3")
	var got []string
	for m := range h.All() {
		got = append(got, m.Name)
		if m == h.New[0] {
			break
		}
	}
	expect(t, got, "01", "02", "03")
}

// TestObserved asks what nobody saw, and joins what two servers saw.
func TestObserved(t *testing.T) {
	h := every("SELECT 1", "SELECT 2")
	first, second := h.New[0].Statements()[0], h.New[1].Statements()[0]
	var none *lint.Observed
	if none.Effect(first) != nil || none.Final(h) != nil {
		t.Error("nothing was observed, and something is told")
	}
	all, other := saw(first, &lint.Effect{Postgres: "14"}), saw(second, &lint.Effect{Postgres: "15"})
	all.Finals, other.Finals = map[*lint.History]*lint.Schema{}, map[*lint.History]*lint.Schema{h: {SearchPath: []string{"app"}}}
	all.Add(other)
	if all.Effect(first).Postgres != "14" || all.Effect(second).Postgres != "15" || all.Final(h).SearchPath[0] != "app" {
		t.Errorf("got %+v", all)
	}
}
