package rules

import "github.com/migvet/migvet/lint"

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
			for _, s := range reviewedBefore(p) {
				if e := p.EffectOf(s); s.Node.GetAlterTableStmt() != nil && e != nil && e.DidRewrite(name) && isTable(p.Effect().Before, name) {
					f := p.Reportf(0, "%s is written again for the second time, where one ALTER TABLE with both actions does it once; join them", unqualified(name))
					p.Measured(f, "%s", p.Effect())
					return
				}
			}
		}
	},
}
