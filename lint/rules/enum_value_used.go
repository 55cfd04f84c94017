package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var enumValueUsed = &lint.Rule{
	ID: "enum-value-used", Group: lint.GroupTx, Severity: lint.Warning,
	Title: "A new enum value is used in the transaction that adds it",
	Why: "`ALTER TYPE … ADD VALUE` may run in a transaction, but the value cannot be used before that transaction commits: a default, an `UPDATE`, an index predicate, a `CHECK` that names it fails with 55P04, `unsafe use of new value`. " +
		"A tool that runs all pending migrations in one transaction joins even different files when they are deployed together, so it works for the developer who applied them one after the other and fails in production.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertype.html#SQL-ALTERTYPE-NOTES",
	Fix:      "Add the value in a migration of its own and use it in a later one, in another transaction; with Drizzle, in another deploy.",
	Explains: []string{"55P04"},
	Check: func(p *lint.Pass) {
		if p.Tried() || storesText(p.Node()) {
			return
		}
		for e := range p.Happened(facts.Type) {
			if !e.IsInTransaction(p) {
				return
			}
			added, is := e.Tree.(*pg.AlterEnumStmt)
			if !is || added.OldVal != "" || added.NewVal == "" {
				continue
			}
			if at, found := findLiteral(p.Statement.SQL, added.NewVal); found {
				p.Reportf(at, "'%s' cannot be used in the transaction that adds it to %s (55P04); use it in a later %s%s",
					added.NewVal, strings.Join(facts.Words(added.TypeName), "."), laterUnit(p), ofOwnRunner(p, usesNewValue))
				return
			}
		}
	},
}
