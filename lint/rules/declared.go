package rules

import (
	"iter"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// A declared column is what the statements of a history say about it. Without
// a server it is all there is to know.
type declared struct {
	typ        *pg.TypeName
	notNull    bool
	hasDefault bool
}

// declaredColumn reads a column's history, the nearest statement first. ok is
// false when no statement says how it was made.
func declaredColumn(statements iter.Seq[*lint.Statement], table *pg.RangeVar, name string) (d declared, ok bool) {
	t := trail{schema: schemaOf(table), table: table.GetRelname(), column: name}
	for s := range statements {
		if t.back(s) {
			return t.declared(), t.found
		}
	}
	return declared{}, false
}

// andEarlier yields the statement of a pass and those before it.
func andEarlier(p *lint.Pass) iter.Seq[*lint.Statement] {
	return func(yield func(*lint.Statement) bool) {
		if yield(p.Statement) {
			p.Earlier()(yield)
		}
	}
}

// A trail follows one column back through statements. What is nearer wins, so
// each property is set only once.
type trail struct {
	schema, table, column string
	typ                   *pg.TypeName
	notNull, hasDefault   *bool
	found                 bool
}

func (t *trail) declared() declared {
	return declared{typ: t.typ, notNull: t.notNull != nil && *t.notNull, hasDefault: t.hasDefault != nil && *t.hasDefault}
}

func (t *trail) is(r *pg.RangeVar) bool {
	return r.GetRelname() == t.table && schemaOf(r) == t.schema
}

// back goes one statement back; done means that this one made the column.
func (t *trail) back(s *lint.Statement) (done bool) {
	switch n := s.Node.GetNode().(type) {
	case *pg.Node_RenameStmt:
		t.renamed(n.RenameStmt)
	case *pg.Node_CreateStmt:
		return t.is(n.CreateStmt.Relation) && t.created(n.CreateStmt)
	case *pg.Node_AlterTableStmt:
		if t.is(n.AlterTableStmt.Relation) {
			return t.altered(n.AlterTableStmt)
		}
	}
	return false
}

func (t *trail) renamed(r *pg.RenameStmt) {
	switch {
	case r.RenameType == pg.ObjectType_OBJECT_COLUMN && t.is(r.Relation) && r.Newname == t.column:
		t.column = r.Subname
	case r.RenameType == pg.ObjectType_OBJECT_TABLE && schemaOf(r.Relation) == t.schema && r.Newname == t.table:
		t.table = r.Relation.GetRelname()
	}
}

// created ends the trail whether or not it knows the column: LIKE, INHERITS.
func (t *trail) created(s *pg.CreateStmt) bool {
	for _, element := range s.TableElts {
		t.constrained(element.GetConstraint())
	}
	for _, element := range s.TableElts {
		t.defined(element.GetColumnDef())
	}
	return true
}

func (t *trail) altered(s *pg.AlterTableStmt) bool {
	for _, n := range slices.Backward(s.Cmds) {
		cmd := n.GetAlterTableCmd()
		switch cmd.GetSubtype() {
		case pg.AlterTableType_AT_AddColumn:
			t.defined(cmd.GetDef().GetColumnDef())
		case pg.AlterTableType_AT_AddConstraint:
			t.constrained(cmd.GetDef().GetConstraint())
		default:
			t.changed(cmd)
		}
		if t.found {
			return true
		}
	}
	return false
}

func (t *trail) changed(cmd *pg.AlterTableCmd) {
	if cmd.GetName() != t.column {
		return
	}
	switch cmd.Subtype {
	case pg.AlterTableType_AT_AlterColumnType:
		if t.typ == nil {
			t.typ = cmd.GetDef().GetColumnDef().GetTypeName()
		}
	case pg.AlterTableType_AT_SetNotNull, pg.AlterTableType_AT_DropNotNull:
		settle(&t.notNull, cmd.Subtype == pg.AlterTableType_AT_SetNotNull)
	case pg.AlterTableType_AT_ColumnDefault:
		settle(&t.hasDefault, cmd.Def != nil)
	}
}

func (t *trail) constrained(c *pg.Constraint) {
	if slices.Contains(primaryKey(c), t.column) {
		settle(&t.notNull, true)
	}
}

func (t *trail) defined(def *pg.ColumnDef) {
	if def == nil || def.Colname != t.column {
		return
	}
	c := newColumn(columnCreated, nil, def)
	t.found = true
	if t.typ == nil {
		t.typ = def.TypeName
	}
	settle(&t.notNull, c.notNull())
	settle(&t.hasDefault, c.expr != nil || c.serial() || c.identity() || c.generated())
}

func settle(property **bool, value bool) {
	if *property == nil {
		*property = &value
	}
}
