package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var tableRewrittenTwice = &lint.Rule{
	ID: "table-rewritten-twice", Group: lint.GroupLock, Severity: lint.Warning, Measured: true,
	Title: "A table is written again more than once",
	Why: "Each `ALTER TABLE` that rewrites copies all rows and builds all indexes. The actions of *one* `ALTER TABLE` share a single copy, so that two changes of types in one statement cost half of what they cost in two.\n\n" +
		"That it is rewritten at all is told by other rules.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
	Fix:    "```sql\nALTER TABLE orders\n  ALTER COLUMN id TYPE bigint,\n  ALTER COLUMN customer_id TYPE bigint;\n```",
	Scales: true,
	Check: func(p *lint.Pass) {
		if !p.Tried() || p.Node().GetAlterTableStmt() == nil {
			return
		}
		for _, name := range p.Effect().Rewritten {
			if p.Effect().Before.Table(name) != nil && wasRewritten(p, name) {
				f := p.Reportf(0, "%s is written again for the second time, where one ALTER TABLE with both actions does it once; join them", unqualified(name))
				p.Measured(f, "%s", p.Effect())
				return
			}
		}
	},
}

// wasRewritten tells whether an earlier ALTER TABLE of the review rewrote a table.
func wasRewritten(p *lint.Pass, name string) bool {
	for e := range p.Object(facts.Identity(facts.Table, name)).Before(p) {
		effect := p.EffectOf(e.Statement)
		if e.New && e.Statement.Node.GetAlterTableStmt() != nil && effect != nil && effect.DidRewrite(name) {
			return true
		}
	}
	return false
}
