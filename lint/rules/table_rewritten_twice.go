package rules

import (
	"fmt"
	"iter"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var tableRewrittenTwice = &lint.Rule{
	ID: "table-rewritten-twice", Group: lint.GroupLock, Severity: lint.Warning, Measured: true,
	Title: "A table is written again more than once",
	Why: "Each `ALTER TABLE` that rewrites copies all rows and builds all indexes. The actions of *one* `ALTER TABLE` share a single copy, so that two changes of types in one statement cost half of what they cost in two.\n\n" +
		"A table is told of once, at the second of them. That it is rewritten at all is told by other rules, which say this as well where they speak of the same transaction.\n\n" +
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
			above, below := rewritesIn(p, o.Before(p)), rewritesIn(p, o.After(p))
			if len(above) == 1 {
				reportRewrittenAgain(p, o, name, slices.Concat(above, []*lint.Statement{p.Statement}, below))
				return
			}
		}
	},
}

// reportRewrittenAgain reports the second of some rewrites, for all that come behind it.
func reportRewrittenAgain(p *lint.Pass, o *lint.Object, name string, rewrites []*lint.Statement) {
	which, all := "for the second time", "both actions"
	if len(rewrites) > 2 {
		which, all = fmt.Sprintf("by %d statements, of which this is the second", len(rewrites)), "all their actions"
	}
	way := fmt.Sprintf(", where one ALTER TABLE with %s does it once; join them", all)
	if column := changedTwice(p, o, rewrites); column != "" {
		way = fmt.Sprintf("; change %s.%s once, to what it is in the end", unqualified(p, name), column)
	}
	f := p.Reportf(0, "%s is written again %s%s", unqualified(p, name), which, way)
	p.Measured(f, "%s", p.Effect())
	p.TellBesideRewrite(f, facts.Identity(facts.Table, name).Relation(), fmt.Sprintf("%d statements write it again%s", len(rewrites), way))
}

// changedTwice names a column that several statements make or give a type, which no single
// ALTER TABLE can do; "" for none.
func changedTwice(p *lint.Pass, o *lint.Object, statements []*lint.Statement) string {
	changedBy := map[*lint.Object]*lint.Statement{}
	for e := range o.Reviewed(p) {
		if !writesColumn(e) || !slices.Contains(statements, e.Statement) {
			continue
		}
		if first := changedBy[e.Object]; first != nil && first != e.Statement {
			return e.Name.Name
		}
		changedBy[e.Object] = e.Statement
	}
	return ""
}

// writesColumn tells whether an event makes a column or changes what is stored in it.
func writesColumn(e lint.Event) bool {
	c, is := e.Tree.(*pg.AlterTableCmd)
	changes := is && (c.Subtype == pg.AlterTableType_AT_AlterColumnType || c.Subtype == facts.AlterSetExpression)
	return e.Name.Kind == facts.Column && (e.Verb&facts.Made != 0 || changes)
}

// rewritesIn returns the ALTER TABLEs of the review among events of a table that rewrote it
// under the name that it had then.
func rewritesIn(p *lint.Pass, events iter.Seq[lint.Event]) (rewrites []*lint.Statement) {
	seen := (*lint.Statement)(nil)
	for e := range events {
		s := e.Statement
		if !e.New || s == seen || s.Node.GetAlterTableStmt() == nil {
			continue
		}
		seen = s
		if effect := p.EffectOf(s); effect != nil && rewroteRelation(effect, s.Node.GetAlterTableStmt().Relation) {
			rewrites = append(rewrites, s)
		}
	}
	return rewrites
}

func rewroteRelation(e *lint.Effect, r *pg.RangeVar) bool {
	t := e.Before.Find(r.GetSchemaname(), r.GetRelname())
	return t != nil && e.DidRewrite(t.QName())
}
