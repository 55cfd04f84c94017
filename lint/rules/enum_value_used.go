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
			before, safe := beforeNewTypes(p, e)
			if safe {
				continue
			}
			if at, found := findLiteral(p.Statement.SQL, added.NewVal); found {
				p.Reportf(at, "'%s' cannot be used in the transaction that adds it to %s%s (55P04); use it in a later %s%s",
					added.NewVal, strings.Join(facts.Words(added.TypeName), "."), before, laterUnit(p), ofOwnRunner(p, usesNewValue))
				return
			}
		}
	},
}

// beforeNewTypes tells whether a value may be used at once, since the transaction that adds
// it makes its type, too: PostgreSQL 17 lets it. Where nobody knows the version, before says
// which refuse it.
// https://www.postgresql.org/docs/17/sql-altertype.html#SQL-ALTERTYPE-NOTES
func beforeNewTypes(p *lint.Pass, added lint.Event) (before string, safe bool) {
	made := added.Object.Made()
	if !made.IsInTransaction(p) || made.Maybe {
		return "", false
	}
	return onlyIf(p.Postgres() == 0, " before PostgreSQL 17"), p.Postgres() >= 17
}
