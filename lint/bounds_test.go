package lint

import (
	"strings"
	"testing"
)

func TestParts(t *testing.T) {
	for _, test := range []struct{ name, before, part string }{
		{"actions", "ALTER TABLE t DROP a", ", DROP b"},
		{"dropped", "DROP TABLE a", ", b"},
		{"emptied", "TRUNCATE a", ", b"},
		{"locked", "LOCK a", ", b"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, n := range []int{maxParts, maxParts + 1} {
				statements, _ := Parse(test.before + strings.Repeat(test.part, n-1))
				if s := statements[0]; s.Unread != (n > maxParts) || (s.Node == nil) != s.Unread {
					t.Errorf("%d: unread is %v: %v", n, s.Unread, s.ParseError)
				}
			}
		})
	}
}

func TestIgnoresAreBounded(t *testing.T) {
	text := strings.Repeat("-- migvet:ignore column-dropped nobody reads it\n", maxIgnores+5) + "DROP TABLE t;"
	m := &Migration{Source: text, Chunks: []Span{{0, len(text)}}}
	if got := len(m.Ignores()); got != maxIgnores {
		t.Errorf("%d ignore comments, want %d", got, maxIgnores)
	}
}

func TestLongNamesAreNoMisspelling(t *testing.T) {
	if got := DidYouMean(strings.Repeat("x", maxMisspelt+1), []string{strings.Repeat("x", maxMisspelt)}); got != "" {
		t.Error(got)
	}
}
