package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var indexOfConstraintDropped = &lint.Rule{
	ID: "index-of-constraint-dropped", Group: lint.GroupDrop, Severity: lint.Error,
	On:    facts.Dropped,
	Title: "DROP INDEX names the index of a constraint",
	Why: "The index of a primary key, of a `UNIQUE` or of an `EXCLUDE` constraint belongs to the constraint: `DROP INDEX` is refused (`2BP01`), with `CONCURRENTLY` and with `CASCADE` as well. " +
		"A generated name tells it: `…_pkey`, `…_key`, `…_excl`.\n\n" +
		"https://www.postgresql.org/docs/current/sql-dropindex.html",
	Fix:      "Drop the constraint, whose index goes with it:\n\n```sql\nALTER TABLE orders DROP CONSTRAINT orders_number_key;\n```",
	Explains: []string{"2BP01"},
	Check: func(p *lint.Pass) {
		if p.Node().GetDropStmt().GetRemoveType() != pg.ObjectType_OBJECT_INDEX || p.Tried() {
			return
		}
		for _, r := range writtenRemovals(p.Statement) {
			if table := constraintWithIndex(p, r.Name); table != nil {
				p.Reportf(r.location, "PostgreSQL refuses to drop index %s, which belongs to a constraint of %s; ALTER TABLE %s DROP CONSTRAINT %s", r, tableName(table), written(table), lint.QuoteIdentifier(r.Name.Name))
			}
		}
	},
}
