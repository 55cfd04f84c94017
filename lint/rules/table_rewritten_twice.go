package rules

import (
	"fmt"
	"iter"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var tableRewrittenTwice = &lint.Rule{
	ID: "table-rewritten-twice", Group: lint.GroupLock, Severity: lint.Warning, Measured: true,
	Title: "A table is written again more than once",
	Why: "Each `ALTER TABLE` that rewrites copies all rows and builds all indexes. The actions of *one* `ALTER TABLE` share a single copy, so that two changes of types in one statement cost half of what they cost in two.\n\n" +
		"A table is told of once, at the second of them. That it is rewritten at all is told by other rules.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
	Fix:    "```sql\nALTER TABLE orders\n  ALTER COLUMN id TYPE bigint,\n  ALTER COLUMN customer_id TYPE bigint;\n```",
	Scales: true,
	Check: func(p *lint.Pass) {
		if !p.Tried() || p.Node().GetAlterTableStmt() == nil {
			return
		}
		for _, name := range p.Effect().Rewritten {
			if p.Effect().Before.Table(name) == nil {
				continue
			}
			o := p.Object(facts.Identity(facts.Table, name))
			if countRewrites(p, o.Before(p)) == 1 {
				reportRewrittenAgain(p, name, 2+countRewrites(p, o.After(p)))
				return
			}
		}
	},
}

// reportRewrittenAgain reports the second of so many times, for all that come behind it.
func reportRewrittenAgain(p *lint.Pass, name string, times int) {
	message := "%s is written again for the second time, where one ALTER TABLE with both actions does it once; join them"
	if times > 2 {
		message = fmt.Sprintf("%%s is written again by %d statements, of which this is the second, where one ALTER TABLE with all their actions does it once; join them", times)
	}
	f := p.Reportf(0, message, unqualified(name))
	p.Measured(f, "%s", p.Effect())
}

// countRewrites counts the ALTER TABLEs of the review among events of a table, none of them
// twice, that rewrote it under the name that it had then.
func countRewrites(p *lint.Pass, events iter.Seq[lint.Event]) int {
	count, seen := 0, (*lint.Statement)(nil)
	for e := range events {
		s := e.Statement
		if !e.New || s == seen || s.Node.GetAlterTableStmt() == nil {
			continue
		}
		seen = s
		if effect := p.EffectOf(s); effect != nil && rewroteRelation(effect, s.Node.GetAlterTableStmt().Relation) {
			count++
		}
	}
	return count
}

func rewroteRelation(e *lint.Effect, r *pg.RangeVar) bool {
	t := e.Before.Find(r.GetSchemaname(), r.GetRelname())
	return t != nil && e.DidRewrite(t.QName())
}
