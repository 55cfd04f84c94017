package lint_test

import (
	"testing"

	"github.com/migvet/migvet/lint"
)

// TestInFile maps a text of which ${a} became long and ${bb} nothing.
func TestInFile(t *testing.T) {
	const file, made = "x ${a}.y ${bb};z", "x long.y ;z"
	m := &lint.Migration{Source: made, Replaced: []lint.Replacement{
		{In: lint.Span{Start: 2, End: 6}, Made: lint.Span{Start: 2, End: 6}},
		{In: lint.Span{Start: 9, End: 14}, Made: lint.Span{Start: 9, End: 9}},
	}}
	for _, test := range []struct {
		start, end int
		want       string
	}{
		{0, 1, "x"},
		{0, 2, "x "},
		{2, 6, "${a}"},
		{3, 5, "${a}"},
		{6, 8, ".y"},
		{4, 8, "${a}.y"},
		{7, 9, "y "},
		{9, 10, ";"},
		{7, 10, "y ${bb};"},
		{10, 11, "z"},
		{0, 11, file},
	} {
		at := m.InFile(lint.Span{Start: test.start, End: test.end})
		if got := file[at.Start:at.End]; got != test.want {
			t.Errorf("%q comes from %q, want %q", made[test.start:test.end], got, test.want)
		}
	}
	none := lint.Span{Start: lint.NoPos, End: lint.NoPos}
	if at := m.InFile(none); at != none {
		t.Errorf("the whole file became %v", at)
	}
}

// TestRunTellsOffsetsOfTheFile has a finding behind a placeholder whose value
// is longer than it.
func TestRunTellsOffsetsOfTheFile(t *testing.T) {
	const file = "-- ${a}\nDROP TABLE t;"
	const made = "-- something long\nDROP TABLE t;"
	m := &lint.Migration{
		Path: "a.sql", Source: made, Chunks: []lint.Span{{Start: 0, End: len(made)}},
		Replaced: []lint.Replacement{{In: lint.Span{Start: 3, End: 7}, Made: lint.Span{Start: 3, End: 17}}},
	}
	rule := &lint.Rule{ID: "x", Severity: lint.Warning, Check: func(p *lint.Pass) { p.Reportf(0, "seen") }}
	got := lint.Run([]*lint.History{{New: []*lint.Migration{m}}}, nil, lint.Options{Rules: []*lint.Rule{rule}})
	if len(got) != 1 || file[got[0].Start:got[0].End] != "DROP TABLE t" {
		t.Errorf("found %+v", got)
	}
}
