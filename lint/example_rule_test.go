package lint_test

import (
	"fmt"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// A rule of your own is a value. This one counts the indexes of a table that is
// given another.
var manyIndexes = &lint.Rule{
	ID: "many-indexes", Group: lint.GroupStyle, Severity: lint.Warning,
	On:    facts.Made,
	Title: "A table gets its fourth index or a later one",
	Why:   "Each `INSERT` writes to all indexes of the table, and most `UPDATE`s do.",
	Fix:   "Drop an index that `pg_stat_user_indexes` says is not used.",
	Check: func(p *lint.Pass) {
		for _, f := range p.Facts() {
			if f.Verb&facts.Made == 0 || f.Name.Kind != facts.Index || p.IsNew(f.To.Relation()) {
				continue
			}
			if t := p.Table(f.To.Relation()); t != nil && len(t.Indexes) >= 3 {
				p.Reportf(0, "index %s is one more on %s, which has %d; drop one that is not used", f.Name, f.To, len(t.Indexes))
			}
		}
	},
}

// Rules of your own run beside migvet's, or alone. This one knows the table by
// its new name, and the index of its key, which no statement names.
func Example_ownRule() {
	base := `CREATE TABLE purchases (id bigint PRIMARY KEY, customer_id bigint, placed_at timestamptz);
		CREATE INDEX ON purchases (customer_id);
		CREATE INDEX ON purchases (placed_at);
		ALTER TABLE purchases RENAME TO orders;`
	source := "-- totals\nCREATE INDEX CONCURRENTLY orders_total_idx ON orders (total);\n"
	history := &lint.History{
		Base: []*lint.Migration{{Path: "migrations/0001_orders.sql", Source: base}},
		New:  []*lint.Migration{{Path: "migrations/0002_totals.sql", Source: source}},
	}

	findings := lint.Run([]*lint.History{history}, nil, lint.Options{Rules: []*lint.Rule{manyIndexes}})

	lines := lint.NewLines(source)
	for _, f := range findings {
		at := lines.Position(f.Start)
		fmt.Printf("%s:%d:%d: %s: %s [%s]\n", f.Path, at.Line, at.Column, f.Severity, f.Message, f.Rule)
	}
	// Output:
	// migrations/0002_totals.sql:2:1: warning: index orders_total_idx is one more on orders, which has 3; drop one that is not used [many-indexes]
}
