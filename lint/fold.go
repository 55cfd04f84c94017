package lint

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
)

// A fold is a table as the statements up to some place leave it. It resolves
// nothing: types are as they are written, and what LIKE, INHERITS or code bring
// is not in it, which Partial says.
type fold struct {
	object *Object
	table  *Table
	next   int   // index of the first event that is not in it yet
	place  int32 // the table is as after this statement
}

func newFold(o *Object) *fold {
	return &fold{object: o, table: &Table{Kind: relationKind(o.kind), Folded: true, Partial: true}}
}

// A moment says which of the folds of a table one is: the walk goes forward, so
// that each is carried on from statement to statement.
type moment struct {
	object *Object
	when   when
}

type when uint8

const (
	beforeStatement when = iota // the statement
	afterStatement              // the statement
	afterAll                    // all migrations
)

// folded returns a table after the statement at a place; nil when nothing is
// known of it.
func (w *walk) folded(o *Object, when when, place int32) *Table {
	if o == nil || !o.kind.IsRelation() {
		return nil
	}
	f := w.folds[moment{o, when}]
	if f == nil {
		f = newFold(o)
		w.folds[moment{o, when}] = f
	}
	return f.at(place)
}

// at returns the table after the statement at a place; nil when it is not there
// then, or nothing has been said of it. Places must not go backwards.
func (f *fold) at(place int32) *Table {
	if f == nil || f.object.isGone(place) {
		return nil
	}
	for ; f.next < len(f.object.events) && f.object.events[f.next].place <= place; f.next++ {
		f.apply(f.object.events[f.next])
	}
	if f.place != place {
		f.place = place
		f.rename(place)
	}
	return f.table
}

// rename updates the names of the table and of the tables its foreign keys reference.
func (f *fold) rename(place int32) {
	n := f.object.nameAt(place)
	f.table.Schema, f.table.Name = schemaName(n.Schema), n.Name
	for i := range f.table.Constraints {
		if c := &f.table.Constraints[i]; c.references != nil {
			to := c.references.nameAt(place)
			c.RefTable = schemaName(to.Schema) + "." + to.Name
		}
	}
}

func (f *fold) apply(e Event) {
	t := f.table
	switch e.Object.kind {
	case facts.Column:
		f.column(e)
	case facts.Constraint:
		f.constraint(e)
	case facts.Index:
		f.index(e)
	case facts.Policy:
		t.Policies += countChange(e.Verb)
	case facts.Trigger:
		t.Triggers += countChange(e.Verb)
	default:
		if e.Object == f.object {
			f.itself(e)
		}
	}
}

// countChange is what making or dropping something adds to a count.
func countChange(v facts.Verb) int {
	switch {
	case v&facts.Made != 0:
		return 1
	case v&facts.Dropped != 0:
		return -1
	}
	return 0
}

// itself applies an event of the whole table: CREATE, ATTACH PARTITION, TRUNCATE.
func (f *fold) itself(e Event) {
	t := f.table
	switch {
	case e.Verb&facts.Made != 0:
		f.made(e)
	case e.Verb&facts.Attached != 0:
		t.Partition = t.Partition || isPartition(e.Tree)
	case e.Verb&facts.Detached != 0:
		t.Partition = false
	case e.Verb&facts.Emptied != 0:
		t.Emptied = e.New
	case e.Verb&facts.Filled != 0:
		t.Emptied = false
	case e.Verb&facts.Changed != 0:
		f.changed(e)
	}
}

func isPartition(tree any) bool {
	switch n := tree.(type) {
	case *pg.CreateStmt:
		return n.Partbound != nil
	case *pg.AlterTableCmd:
		return n.Subtype == pg.AlterTableType_AT_AttachPartition
	}
	return false
}

// made starts over, but for IF NOT EXISTS where the table is there.
func (f *fold) made(e Event) {
	if f.object.made == nil || f.object.made.place != e.place {
		return
	}
	t := f.table
	t.Kind, t.New, t.Partial = relationKind(e.Name.Kind), e.New, true
	s, is := e.Tree.(*pg.CreateStmt)
	if !is {
		return
	}
	if s.Partspec != nil {
		t.Kind = PartitionedTable
	}
	t.Columns = slices.Grow(t.Columns, len(s.TableElts))
	t.Partial = len(s.InhRelations) > 0 || s.OfTypename != nil || slices.ContainsFunc(s.TableElts, func(n *pg.Node) bool { return n.GetTableLikeClause() != nil })
}

func (f *fold) changed(e Event) {
	c, is := e.Tree.(*pg.AlterTableCmd)
	if !is {
		return
	}
	switch c.Subtype {
	case pg.AlterTableType_AT_EnableRowSecurity:
		f.table.RowSecurity = true
	case pg.AlterTableType_AT_DisableRowSecurity:
		f.table.RowSecurity = false
	}
}

func relationKind(k facts.Kind) RelationKind {
	switch k {
	case facts.View:
		return View
	case facts.MaterializedView:
		return MaterializedView
	case facts.ForeignTable:
		return ForeignTable
	}
	return OrdinaryTable
}

func (f *fold) column(e Event) {
	t := f.table
	switch {
	case e.Verb&facts.Made != 0:
		if def, is := e.Tree.(*pg.ColumnDef); is && t.Column(e.Name.Name) == nil {
			t.Columns = append(t.Columns, declaredColumn(def))
		}
	case e.Verb&facts.Dropped != 0:
		t.Columns = slices.DeleteFunc(t.Columns, func(c Column) bool { return c.Name == e.Name.Name })
	case e.Verb&facts.Renamed != 0:
		f.renameColumn(e.Name.Name, e.To.Name)
	case e.Verb&facts.Changed != 0:
		if cmd, is := e.Tree.(*pg.AlterTableCmd); is {
			f.alterColumn(f.columnNamed(e.Name.Name), cmd)
		}
	}
}

// columnNamed returns a column, which it makes up where the table is known in
// part: ALTER COLUMN says that there is one.
func (f *fold) columnNamed(name string) *Column {
	t := f.table
	if t.Column(name) == nil {
		t.Columns = append(t.Columns, Column{Name: name, Unknown: true})
	}
	return t.Column(name)
}

// declaredColumn reads a column's definition.
func declaredColumn(def *pg.ColumnDef) Column {
	c := Column{Name: def.Colname, Written: def.TypeName, DefaultExpr: facts.ColumnConstraint(def, pg.ConstrType_CONSTR_DEFAULT).GetRawExpr()}
	c.Identity = facts.ColumnConstraint(def, pg.ConstrType_CONSTR_IDENTITY) != nil
	c.Generated = facts.ColumnConstraint(def, pg.ConstrType_CONSTR_GENERATED) != nil
	c.Virtual = def.Generated == facts.VirtualColumn
	c.Serial = facts.IsSerial(def.TypeName)
	c.NotNull = c.Serial || c.Identity || facts.ColumnConstraint(def, pg.ConstrType_CONSTR_NOTNULL) != nil || facts.ColumnConstraint(def, pg.ConstrType_CONSTR_PRIMARY) != nil
	return c
}

func (f *fold) alterColumn(c *Column, cmd *pg.AlterTableCmd) {
	switch cmd.Subtype {
	case pg.AlterTableType_AT_AlterColumnType:
		c.Written = cmd.GetDef().GetColumnDef().GetTypeName()
	case pg.AlterTableType_AT_SetNotNull:
		c.NotNull = true
	case pg.AlterTableType_AT_DropNotNull:
		c.NotNull = false
	case pg.AlterTableType_AT_ColumnDefault:
		c.DefaultExpr, c.Serial = cmd.Def, false
	case pg.AlterTableType_AT_AddIdentity:
		c.Identity, c.NotNull = true, true
	case pg.AlterTableType_AT_DropIdentity:
		c.Identity = false
	case pg.AlterTableType_AT_DropExpression:
		c.Generated = false
	}
}

func (f *fold) renameColumn(old, name string) {
	t := f.table
	f.columnNamed(old).Name = name
	for i := range t.Constraints {
		t.Constraints[i].Columns = withNameReplaced(t.Constraints[i].Columns, old, name)
		t.Constraints[i].proven = withNameReplaced(t.Constraints[i].proven, old, name)
	}
	for i := range t.Indexes {
		t.Indexes[i].Columns = withNameReplaced(t.Indexes[i].Columns, old, name)
	}
}

// withNameReplaced returns the names with one for another; it may be that others hold
// the list, too.
func withNameReplaced(names []string, old, name string) []string {
	i := slices.Index(names, old)
	if i < 0 {
		return names
	}
	names = slices.Clone(names)
	names[i] = name
	return names
}
