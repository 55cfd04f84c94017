package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var updateMakesEqual = &lint.Rule{
	ID: "update-makes-equal", Group: lint.GroupData, Severity: lint.Warning,
	On:    facts.Querying,
	Title: "An UPDATE can make equal what a unique index keeps apart",
	Why: "`UPDATE users SET email = lower(email)` fails with `23505` as soon as `Ann@example.org` and `ann@example.org` are both there, which an index over the column allows. It passes on every database that has no such pair, and the deploy finds the one that has.\n\n" +
		"Reported of functions that give one result for several values (`lower`, `trim`, `round`, …). Not reported when the review deletes or updates rows of the table before, or drops the index.",
	Fix: "Look for such rows first, and decide which of them stays:\n\n```sql\nSELECT lower(email), count(*) FROM users GROUP BY 1 HAVING count(*) > 1;\n```",
	Check: func(p *lint.Pass) {
		u := p.Node().GetUpdateStmt()
		if u == nil || p.IsNew(u.Relation) || isTemporaryHere(p, u.Relation) || wereRowsChanged(p, u.Relation) {
			return
		}
		for _, n := range u.TargetList {
			target := n.GetResTarget()
			function := mergingCall(target.GetVal(), target.GetName())
			if function != "" && isKeptUnique(p.Table(u.Relation), target.GetName()) {
				p.Reportf(target.GetLocation(), "%s(%s) can be the same for two rows of %s, and %s is unique: this fails when there are such rows (23505); look for them first",
					function, target.GetName(), tableName(u.Relation), target.GetName())
			}
		}
	},
}

// mergingFunctions give one result for several values.
var mergingFunctions = wordSet("lower upper initcap trim btrim ltrim rtrim left right substr substring split_part replace regexp_replace translate round trunc floor ceil ceiling abs date_trunc unaccent normalize")

// mergingCall returns such a function that is called with a column, which the result goes
// to; "" for none. PostgreSQL's parser has trim as btrim.
func mergingCall(expr *pg.Node, column string) string {
	call := expr.GetFuncCall()
	name := facts.LastWord(call.GetFuncname())
	if !mergingFunctions[name] || len(call.Args) == 0 {
		return ""
	}
	fields := facts.Words(call.Args[0].GetColumnRef().GetFields())
	if len(fields) > 0 && fields[len(fields)-1] == column || mergingCall(call.Args[0], column) != "" {
		return name
	}
	return ""
}

// wereRowsChanged tells whether an earlier statement of the review deletes or updates rows of
// a table, as one does that has looked for those that would collide.
func wereRowsChanged(p *lint.Pass, table *pg.RangeVar) bool {
	for e := range p.Relation(table).Before(p) {
		if !e.New {
			return false
		}
		if e.Verb&(facts.Deleted|facts.Emptied|facts.Updated) != 0 {
			return true
		}
	}
	return false
}
