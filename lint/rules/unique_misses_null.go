package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var uniqueMissesNull = &lint.Rule{
	ID: "unique-misses-null", Group: lint.GroupData, Severity: lint.Notice,
	On:    facts.Made | facts.Changed,
	Title: "A unique key over several columns lets duplicates in where one is NULL",
	Why: "NULL equals nothing, so rows whose key has a NULL in any column are never duplicates of each other: `UNIQUE (email, deleted_at)` keeps out nothing among the rows that are not deleted, which are those it was meant for, and `ON CONFLICT` finds none of them.\n\n" +
		"Not reported for a key of one column, where many NULLs are what people expect, nor where a partial unique index has a condition, `NULLS NOT DISTINCT` is written, or another unique index is over fewer of the columns.\n\n" +
		"https://www.postgresql.org/docs/current/indexes-unique.html",
	Fix: "Make the column `NOT NULL`, or say what NULL means:\n\n```sql\nCREATE UNIQUE INDEX ON users (email) WHERE deleted_at IS NULL;        -- one that is not deleted\nCREATE UNIQUE INDEX ON users (email, team_id) NULLS NOT DISTINCT;     -- since PostgreSQL 15\n```",
	Check: func(p *lint.Pass) {
		for _, k := range newUniqueKeys(p) {
			final := p.TableFinal(k.table)
			if final == nil || final.Partial || len(k.columns) < 2 {
				continue
			}
			if name := nullableOf(p, final, k); name != "" && !isCoveredElsewhere(final, lastNames(p, k.table, k.columns)) {
				f := p.Reportf(k.location, "%s may be NULL, and rows with NULL there are no duplicates to the unique key (%s); NULLS NOT DISTINCT (PostgreSQL 15), NOT NULL, or a partial unique index over the others for those rows",
					name, writtenColumns(k.columns))
				p.TellTogether(f, "the same goes for", name+" in "+tableName(k.table)+" ("+strings.Join(k.columns, ", ")+")")
			}
		}
	},
}

// A newUniqueKey is a unique index or constraint that a statement makes.
type newUniqueKey struct {
	table    *pg.RangeVar
	columns  []string
	location int32
}

// newUniqueKeys returns those of a statement that tell NULLs apart and have no condition.
func newUniqueKeys(p *lint.Pass) []newUniqueKey {
	var found []newUniqueKey
	for _, f := range p.Facts() {
		if f.Verb&facts.Made == 0 {
			continue
		}
		switch tree := f.Tree.(type) {
		case *pg.IndexStmt:
			if columns := indexColumns(tree); tree.Unique && tree.WhereClause == nil && !tree.NullsNotDistinct && len(columns) == len(tree.IndexParams) {
				found = append(found, newUniqueKey{tree.Relation, columns, 0})
			}
		case *facts.TableConstraint:
			if tree.Contype == pg.ConstrType_CONSTR_UNIQUE && !tree.NullsNotDistinct && f.Name.Kind == facts.Constraint {
				found = append(found, newUniqueKey{f.Name.OfTable().Relation(), tree.Columns, tree.Location})
			}
		}
	}
	return found
}

// nullableOf returns the first column of a key that may be NULL in the end.
func nullableOf(p *lint.Pass, final *lint.Table, k newUniqueKey) string {
	for _, name := range k.columns {
		if c := p.FinalColumn(k.table, name); c != nil && !c.NotNull && !c.Unknown && !c.Generated && !slices.Contains(final.PrimaryKey(), c.Name) {
			return name
		}
	}
	return ""
}

// isCoveredElsewhere tells whether another unique index is over some of the columns, as
// the partial one for the rows with NULL is.
func isCoveredElsewhere(t *lint.Table, columns []string) bool {
	return slices.ContainsFunc(t.Indexes, func(ix lint.Index) bool {
		return ix.Unique && len(ix.Columns) > 0 && len(ix.Columns) < len(columns) && !slices.ContainsFunc(ix.Columns, func(c string) bool { return !slices.Contains(columns, c) })
	})
}
