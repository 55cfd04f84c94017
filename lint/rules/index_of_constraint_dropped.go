package rules

import (
	"regexp"
	"strings"

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
				p.Reportf(r.location, "PostgreSQL refuses to drop index %s, which belongs to a constraint of %s; ALTER TABLE %s DROP CONSTRAINT %s", r, tableName(table), written(table), quoteIdentifier(r.Name.Name))
			}
		}
	},
}

// constraintRequires matches PostgreSQL's refusal to drop such an index.
var constraintRequires = regexp.MustCompile(`^cannot drop index (.+) because constraint .+ on table (.+) requires it$`)

// constraintWithIndex returns the table with the constraint that an index
// belongs to, nil when there is none that anybody knows of. Both have one name.
func constraintWithIndex(p *lint.Pass, index facts.Name) *pg.RangeVar {
	if e := p.Effect(); e != nil {
		if e.Err == nil {
			return nil
		}
		if m := constraintRequires.FindStringSubmatch(e.Err.Message); m != nil && strings.HasSuffix("."+m[1], "."+quoteIdentifier(index.Name)) {
			return readName(m[2])
		}
		return nil
	}
	o := p.Object(index)
	made := o.Made()
	if made == nil {
		return nil
	}
	if _, is := made.Tree.(*facts.TableConstraint); !is {
		return nil
	}
	table := o.Table().Name(p)
	if table.Schema == "public" { // which nobody writes
		table.Schema = ""
	}
	return table.Relation()
}

// readName reads a relation's name as PostgreSQL's messages write it: app."Orders".
func readName(name string) *pg.RangeVar {
	for _, r := range lint.Tree("TABLE " + name).GetSelectStmt().GetFromClause() {
		return r.GetRangeVar()
	}
	return nil
}
