package lint

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
)

// constraint applies an event of a constraint: ADD, DROP, RENAME, VALIDATE.
func (f *fold) constraint(e Event) {
	t := f.table
	switch {
	case e.Verb&facts.Made != 0:
		if tree, is := e.Tree.(*facts.TableConstraint); is {
			f.constrain(e, tree)
		}
	case e.Verb&facts.Dropped != 0:
		f.dropConstraint(e.Name.Name)
	case e.Verb&facts.Renamed != 0:
		if c := t.Constraint(e.Name.Name); c != nil {
			c.Name = e.To.Name
		}
	case e.Verb&facts.Changed != 0:
		cmd, is := e.Tree.(*pg.AlterTableCmd)
		if c := t.Constraint(e.Name.Name); c != nil && is {
			f.alterConstraint(c, cmd)
		}
	}
}

// alterConstraint applies VALIDATE CONSTRAINT and ALTER CONSTRAINT … [NOT] ENFORCED, which
// checks all rows, or none from now on.
func (f *fold) alterConstraint(c *Constraint, cmd *pg.AlterTableCmd) {
	con := cmd.GetDef().GetConstraint()
	switch {
	case cmd.Subtype == pg.AlterTableType_AT_ValidateConstraint:
		c.Valid = !c.notEnforced
	case con.GetInitiallyValid():
		c.Valid, c.notEnforced = true, false
	case con.GetSkipValidation():
		c.Valid, c.notEnforced = false, true
	}
	if c.Kind == NotNullC {
		f.setNotNull(c.Columns, c.Valid)
	}
}

func (f *fold) setNotNull(columns []string, to bool) {
	for _, name := range columns {
		f.columnNamed(name).NotNull = to
	}
}

// dropConstraint leaves the columns of a primary key NOT NULL.
func (f *fold) dropConstraint(name string) {
	t := f.table
	c := t.Constraint(name)
	if c == nil {
		f.dropNotNull(name)
		return
	}
	if c.Kind == NotNullC {
		f.setNotNull(c.Columns, false)
	}
	t.Constraints = slices.DeleteFunc(t.Constraints, func(c Constraint) bool { return c.Name == name })
}

// dropNotNull drops a constraint that no statement makes: since PostgreSQL 18 NOT
// NULL is one with a name, too. Older servers refuse to drop people_name_not_null.
func (f *fold) dropNotNull(name string) {
	for i := range f.table.Columns {
		if c := &f.table.Columns[i]; facts.DeriveName(f.object.nameAt(0).Name, c.Name, "not_null") == name {
			c.NotNull = false
		}
	}
}

func (f *fold) constrain(e Event, tree *facts.TableConstraint) {
	t := f.table
	c := Constraint{Name: e.Name.Name, Kind: KindOf(tree.Constraint), Columns: tree.Columns, Valid: !tree.SkipValidation, notEnforced: tree.NotEnforced, deferrable: tree.Deferrable}
	switch c.Kind {
	case PrimaryKey:
		f.key(&c, tree)
		f.setNotNull(c.Columns, true)
	case NotNullC:
		if c.Valid {
			f.setNotNull(c.Columns, true)
		}
	case Unique:
		f.key(&c, tree)
	case Check:
		c.proven = slices.DeleteFunc(slices.Clone(tree.Columns), func(name string) bool { return !facts.ProvesNotNull(tree.RawExpr, name) })
		c.onlyNotNull = tree.RawExpr.GetNullTest() != nil
	case ForeignKey:
		c.references, c.RefColumns, c.SetColumns = e.Object.references, facts.Words(tree.PkAttrs), facts.Words(tree.FkDelSetCols)
		c.OnDelete, c.OnUpdate = KeyAction(tree.FkDelAction), KeyAction(tree.FkUpdAction)
		f.place = -1 // so that the name of the referenced table is filled in
	}
	t.Constraints = append(t.Constraints, c)
}

// key gives a constraint the columns of the index it takes over.
func (f *fold) key(c *Constraint, tree *facts.TableConstraint) {
	if ix := f.table.Index(c.Name); tree.Indexname != "" && ix != nil {
		c.Columns = ix.Columns
	}
}

// KeyAction translates the parser's letter, as in pg_constraint.confdeltype.
// https://www.postgresql.org/docs/current/catalog-pg-constraint.html
func KeyAction(letter string) Action {
	switch letter {
	case "r":
		return Restrict
	case "c":
		return CascadeTo
	case "n":
		return SetNull
	case "d":
		return SetDefault
	}
	return NoAction
}

// index applies an event of an index of the table: CREATE, DROP, RENAME.
func (f *fold) index(e Event) {
	t := f.table
	switch {
	case e.Verb&facts.Made != 0:
		if t.Index(e.Name.Name) == nil {
			t.Indexes = append(t.Indexes, writtenIndex(e))
		}
	case e.Verb&facts.Dropped != 0:
		t.Indexes = slices.DeleteFunc(t.Indexes, func(ix Index) bool { return ix.Name == e.Name.Name })
	case e.Verb&facts.Renamed != 0:
		if ix := t.Index(e.Name.Name); ix != nil {
			ix.Name = e.To.Name
		}
	}
}

// writtenIndex reads CREATE INDEX, or the index of a constraint.
func writtenIndex(e Event) Index {
	ix := Index{Name: e.Name.Name, Valid: true}
	switch tree := e.Tree.(type) {
	case *pg.IndexStmt:
		ix.Statement, ix.Unique, ix.Partial = tree, tree.Unique, tree.WhereClause != nil
		for _, n := range tree.IndexParams {
			ix.Columns = append(ix.Columns, n.GetIndexElem().GetName())
		}
	case *facts.TableConstraint:
		ix.Columns, ix.Unique = tree.Columns, tree.Contype != pg.ConstrType_CONSTR_EXCLUSION
	}
	return ix
}

// KindOf returns the kind of a constraint; "" for what the parser takes for one
// but the catalog does not: DEFAULT, NULL, GENERATED.
func KindOf(c *pg.Constraint) ConstraintKind {
	switch c.GetContype() {
	case pg.ConstrType_CONSTR_PRIMARY:
		return PrimaryKey
	case pg.ConstrType_CONSTR_UNIQUE:
		return Unique
	case pg.ConstrType_CONSTR_CHECK:
		return Check
	case pg.ConstrType_CONSTR_FOREIGN:
		return ForeignKey
	case pg.ConstrType_CONSTR_EXCLUSION:
		return Exclusion
	case pg.ConstrType_CONSTR_NOTNULL:
		return NotNullC
	}
	return ""
}
