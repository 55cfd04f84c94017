package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// A constraintFact is what is known of a constraint, from the catalog or from
// the statement that made it.
type constraintFact struct {
	table    *pg.RangeVar
	name     string
	kind     lint.ConstraintKind // "" when not known
	columns  []string
	ref      string // the table a foreign key points at, as written
	proves   string // the column that a CHECK keeps from being NULL, and nothing else
	location int32  // in the statement that makes it
}

// constraintOf finds what is known of a constraint that a statement drops.
func constraintOf(p *lint.Pass, table *pg.RangeVar, name string) constraintFact {
	f := constraintFact{table: table, name: name}
	t := p.Table(table)
	c := t.Constraint(name)
	if c == nil {
		return f
	}
	f.kind, f.columns, f.ref = c.Kind, c.Columns, withoutPublic(c.RefTable)
	for _, column := range c.Columns {
		if c.SaysNotNull(column) {
			f.proves = column
		}
	}
	return f
}

// constraintsMade returns the constraints a statement adds to tables.
func constraintsMade(s *lint.Statement) []constraintFact {
	var out []constraintFact
	for _, f := range s.Facts() {
		if made := readConstraint(&f); made.kind != "" {
			out = append(out, made)
		}
	}
	return out
}

// constraintMade returns the constraint that an event makes; nothing for other
// events.
func constraintMade(e lint.Event) constraintFact { return readConstraint(e.Fact) }

func readConstraint(f *facts.Fact) constraintFact {
	c, is := f.Tree.(*facts.TableConstraint)
	if !is || f.Name.Kind != facts.Constraint {
		return constraintFact{}
	}
	made := constraintFact{
		table: f.Name.Relation(), name: f.Name.Name, kind: lint.KindOf(c.Constraint), columns: c.Columns,
		proves: saysNotNull(c.RawExpr), location: c.Location,
	}
	if f.To != nil {
		made.ref = f.To.String()
	}
	return made
}

// saysNotNull returns c for the expression "c IS NOT NULL".
func saysNotNull(expr *pg.Node) string {
	test := expr.GetNullTest()
	if test.GetNulltesttype() != pg.NullTestType_IS_NOT_NULL {
		return ""
	}
	fields := facts.Words(test.GetArg().GetColumnRef().GetFields())
	if len(fields) == 0 {
		return ""
	}
	return fields[len(fields)-1]
}

// constraintCalled names a constraint in a message: "foreign key tasks_owner_fkey",
// "the foreign key" where PostgreSQL chooses the name.
func constraintCalled(kind string, con *pg.Constraint) string {
	if con.Conname == "" {
		return "the " + kind
	}
	return kind + " " + con.Conname
}

// sameColumns tells whether two lists hold the same columns, in any order.
func sameColumns(a, b []string) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(c string) bool { return !slices.Contains(b, c) })
}

// constraintNoun says what a constraint is called in a sentence.
func constraintNoun(k lint.ConstraintKind) string {
	switch k {
	case lint.PrimaryKey, lint.ForeignKey:
		return string(k)
	}
	return string(k) + " constraint"
}

// lastNames returns what columns of a table are called in the end.
func lastNames(p *lint.Pass, table *pg.RangeVar, columns []string) []string {
	columns = slices.Clone(columns)
	for i, name := range columns {
		if c := p.FinalColumn(table, name); c != nil {
			columns[i] = c.Name
		}
	}
	return columns
}
