package lint_test

import (
	"fmt"
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// The simplest case: one text, and all rules that migvet has.
func ExampleSQL() {
	sql := "ALTER TABLE orders\n\tADD COLUMN total numeric DEFAULT 'free',\n\tDROP COLUMN price;\n"
	lines := lint.NewLines(sql)
	for _, f := range lint.SQL("0002_totals.sql", sql, rules.All()...) {
		at := lines.Position(f.Start)
		fmt.Printf("%s:%d:%d: %s: %s [%s]\n", f.Path, at.Line, at.Column, f.Severity, f.Message, f.Rule)
	}
	// Output:
	// 0002_totals.sql:2:13: notice: orders.total is nullable: its default does not keep NULL away, only NOT NULL does; add it while it is free [not-null-missing]
	// 0002_totals.sql:2:27: error: default 'free' of orders.total is not a number; PostgreSQL refuses the statement [default-invalid]
	// 0002_totals.sql:3:2: error: dropping column orders.price loses its data; first deploy code that does not name it [column-dropped]
}

// A migration needs no more than its text; those of the base are read for what
// they make, and not reported.
func ExampleRun() {
	history := &lint.History{
		Base: []*lint.Migration{{Path: "1.sql", Source: "CREATE TABLE orders (id bigint PRIMARY KEY, total int);"}},
		New:  []*lint.Migration{{Path: "2.sql", Source: "ALTER TABLE orders ALTER total SET DEFAULT 'free';"}},
	}
	for _, f := range lint.Run([]*lint.History{history}, nil, lint.Options{Rules: rules.All()}) {
		fmt.Println(f.Path, f.Message)
	}
	// Output:
	// 2.sql default 'free' of orders.total is not a whole number; PostgreSQL refuses the statement
	// 2.sql rows that orders holds keep NULL in total, since a default is for new rows only; fill them in batches
}

// A migration that a tool sends nothing of is not one that nobody has cut up.
func TestChunksOfAWholeFile(t *testing.T) {
	text := "SELECT 1;\nSELECT 2;\n"
	for _, test := range []struct {
		migration  *lint.Migration
		statements int
	}{
		{&lint.Migration{Source: text}, 2},
		{&lint.Migration{Source: text, Chunks: []lint.Span{}}, 0},
		{&lint.Migration{Source: text, Opaque: "it is code"}, 0},
	} {
		m := test.migration
		if got := len(m.Statements()); got != test.statements || len(m.Sent(0)) != test.statements {
			t.Errorf("%+v: %d statements, want %d", m, got, test.statements)
		}
	}
}
