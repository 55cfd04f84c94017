package lint_test

import (
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// TestDisagreements checks both ways, and that the history is as it was.
func TestDisagreements(t *testing.T) {
	const sql = "CREATE INDEX i ON orders (a); DO $$ $$; DROP TABLE tasks"
	m := &lint.Migration{Path: "1.sql", Source: sql, Chunks: []lint.Span{{Start: 0, End: len(sql)}}}
	effects := []*lint.Effect{
		{Before: &lint.Schema{}}, // nothing was read
		{Rewritten: []string{"public.orders"}, Locks: []lint.Lock{{Object: "public.orders", Mode: lint.AccessExclusive}}},
		nil, // not tried
	}
	for i, s := range m.Statements() {
		s.Effect = effects[i]
	}
	h := &lint.History{Migrations: []*lint.Migration{m}, Final: &lint.Schema{}}
	final := h.Final
	got := lint.Disagreements([]*lint.History{h}, lint.Options{Rules: rules.All(), Tried: true})
	if len(got) != 2 || got[0].Rule != "index-not-concurrent" || !got[0].Silent || got[1].Rule != "table-rewritten" || got[1].Silent {
		t.Errorf("got %+v", got)
	}
	for i, s := range m.Statements() {
		if s.Effect != effects[i] {
			t.Errorf("statement %d has another effect", i)
		}
	}
	if h.Final != final {
		t.Error("the final schema is another one")
	}
}
