package lint_test

import (
	"fmt"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/sqlvalue"
)

// A rule of your own is a value. This one keeps floating point numbers out of
// new columns.
var floatColumn = &lint.Rule{
	ID: "float-column", Group: lint.GroupStyle, Severity: lint.Warning,
	Title: "A column holds floating point numbers",
	Why:   "`real` and `double precision` round: `0.1 + 0.2 = 0.3` is false.",
	Fix:   "Use `numeric`.",
	Check: func(p *lint.Pass) {
		for _, c := range p.Node().GetAlterTableStmt().GetCmds() {
			column := c.GetAlterTableCmd().GetDef().GetColumnDef()
			if sqlvalue.ReadType(column.GetTypeName()).Is("float4", "float8") {
				f := p.Reportf(column.Location, "%s rounds; use numeric", column.Colname)
				p.Measured(f, "%s", p.Effect())
			}
		}
	},
}

// Rules of your own run beside migvet's, or alone.
func Example_ownRule() {
	source := "-- prices\nALTER TABLE orders\n\tADD COLUMN price double precision;\n"
	history := &lint.History{New: []*lint.Migration{{
		Path: "migrations/0002_prices.sql", Name: "0002_prices", Source: source,
		Chunks: []lint.Span{{Start: 0, End: len(source)}}, // what is sent in one message
	}}}

	findings := lint.Run([]*lint.History{history}, nil, lint.Options{Rules: []*lint.Rule{floatColumn}})

	lines := lint.NewLines(source)
	for _, f := range findings {
		at := lines.Position(f.Start)
		fmt.Printf("%s:%d:%d: %s: %s [%s]\n", f.Path, at.Line, at.Column, f.Severity, f.Message, f.Rule)
	}
	// Output:
	// migrations/0002_prices.sql:3:13: warning: price rounds; use numeric [float-column]
}
