package lint

import (
	"strings"
	"testing"
)

// Migrations share what may be parsed of them.
func TestAllowance(t *testing.T) {
	a := NewAllowance(10)
	text := "SELECT 1; SELECT 2; SELECT 3;"
	var ms []*Migration
	for range 3 {
		ms = append(ms, &Migration{Path: "a.sql", Source: text, Chunks: []Span{{0, len(text)}}, Allowance: a})
	}
	for i, unread := range []int{0, 1, 1} {
		if got := ms[i].Unread(nil); len(got) != unread || unread > 0 && got[0].ParseError.Message != muchBefore {
			t.Errorf("%d of migration %d are unread, want %d", len(got), i, unread)
		}
	}
	if last := ms[2].Statements(); len(last) != 1 || !last[0].Rest || !strings.HasSuffix(last[0].SQL, "SELECT 3;") {
		t.Errorf("the last is %+v, want one piece", last)
	}
	if free := (&Migration{Source: text, Chunks: []Span{{0, len(text)}}}); len(free.Unread(nil)) > 0 {
		t.Error("without an allowance there is no bound")
	}
}
