package lint_test

import (
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// TestDisagreements checks both ways, and that what was not tried is left out.
func TestDisagreements(t *testing.T) {
	const sql = "CREATE INDEX i ON orders (a); DO $$ $$; DROP TABLE tasks"
	m := &lint.Migration{Path: "1.sql", Source: sql, Chunks: []lint.Span{{Start: 0, End: len(sql)}}}
	nothing := &lint.Effect{Before: &lint.Schema{}}
	rewrite := &lint.Effect{Rewritten: []string{"public.orders"}, Locks: []lint.Lock{{Object: "public.orders", Mode: lint.AccessExclusive}}}
	seen := &lint.Observed{Effects: map[*lint.Statement]*lint.Effect{m.Statements()[0]: nothing, m.Statements()[1]: rewrite}}
	got := lint.Disagreements([]*lint.History{{New: []*lint.Migration{m}}}, lint.Options{Rules: rules.All(), Observed: seen})
	if len(got) != 2 || got[0].Rule != "index-not-concurrent" || !got[0].Silent || got[1].Rule != "table-rewritten" || got[1].Silent {
		t.Fatalf("got %+v", got)
	}
	if got[0].Effect != nothing || got[1].Effect != rewrite {
		t.Errorf("got %+v and %+v with them", got[0].Effect, got[1].Effect)
	}
}
