package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// columnForm is how a statement comes by a column.
type columnForm uint8

const (
	columnCreated   columnForm = iota // in CREATE TABLE
	columnAdded                       // by ADD COLUMN
	columnDefaulted                   // it exists, and SET DEFAULT changes its default
)

// A column is one that a statement makes, or whose default it sets.
type column struct {
	form     columnForm
	table    *pg.RangeVar
	name     string
	def      *pg.ColumnDef // nil when defaulted
	expr     *pg.Node      // its DEFAULT; nil when there is none
	key      bool          // in a primary key that the same statement makes
	location int32
}

// columns returns the columns a statement makes and those it gives a default,
// in the order they are written. Temporary tables have none that matter, and
// IF NOT EXISTS makes none that the server knows already.
func columns(p *lint.Pass) []column {
	return slices.Clip(lint.RememberHere(p, func() statementColumns { return readColumns(p) })) // callers append to it
}

// statementColumns are the columns of one statement.
type statementColumns []column

func readColumns(p *lint.Pass) []column {
	var found []column
	switch n := p.Node().GetNode().(type) {
	case *pg.Node_CreateStmt:
		found = createdColumns(n.CreateStmt)
	case *pg.Node_CreateForeignTableStmt:
		found = createdColumns(n.CreateForeignTableStmt.BaseStmt)
	default:
		found = alteredColumns(alterCommands(p.Statement))
	}
	if p.Effect() == nil {
		return found
	}
	return slices.DeleteFunc(found, func(c column) bool {
		return c.form != columnDefaulted && p.Catalog(c.table).Column(c.name) != nil
	})
}

// createdColumns returns the columns of CREATE TABLE; none of a temporary table.
func createdColumns(s *pg.CreateStmt) []column {
	if facts.IsTemporary(s.GetRelation()) {
		return nil
	}
	var found []column
	var keys []string
	for _, element := range s.GetTableElts() {
		if def := element.GetColumnDef(); def != nil {
			found = append(found, newColumn(columnCreated, s.Relation, def))
		}
		keys = append(keys, primaryKey(element.GetConstraint())...)
	}
	return markKeys(found, keys)
}

// alteredColumns returns the columns that ALTER TABLE adds, and those whose
// default it sets.
func alteredColumns(commands []alterCommand) []column {
	var found []column
	var keys []string
	for _, c := range commands {
		switch c.Subtype {
		case pg.AlterTableType_AT_AddColumn:
			if def := c.GetDef().GetColumnDef(); def != nil {
				found = append(found, newColumn(columnAdded, c.table, def))
			}
		case pg.AlterTableType_AT_ColumnDefault:
			if c.GetDef() != nil {
				found = append(found, column{form: columnDefaulted, table: c.table, name: c.Name, expr: c.Def, location: c.location})
			}
		case pg.AlterTableType_AT_AddConstraint:
			keys = append(keys, primaryKey(c.GetDef().GetConstraint())...)
		}
	}
	return markKeys(found, keys)
}

func newColumn(form columnForm, table *pg.RangeVar, def *pg.ColumnDef) column {
	c := column{form: form, table: table, name: def.Colname, def: def, location: def.Location}
	c.expr = c.constraint(pg.ConstrType_CONSTR_DEFAULT).GetRawExpr()
	c.key = c.constraint(pg.ConstrType_CONSTR_PRIMARY) != nil
	return c
}

func primaryKey(c *pg.Constraint) []string {
	if c.GetContype() != pg.ConstrType_CONSTR_PRIMARY {
		return nil
	}
	return facts.Words(c.Keys)
}

func markKeys(found []column, keys []string) []column {
	for i := range found {
		if found[i].form != columnDefaulted && slices.Contains(keys, found[i].name) {
			found[i].key = true
		}
	}
	return found
}

// constraint returns the column's own constraint of a type; nil when it has
// none.
func (c column) constraint(t pg.ConstrType) *pg.Constraint {
	return facts.ColumnConstraint(c.def, t)
}

// identity tells whether the column is GENERATED … AS IDENTITY.
func (c column) identity() bool { return c.constraint(pg.ConstrType_CONSTR_IDENTITY) != nil }

// generated tells whether the column is computed from others.
func (c column) generated() bool { return c.constraint(pg.ConstrType_CONSTR_GENERATED) != nil }

// virtual tells whether a column is computed when it is read: no row has it.
func (c column) virtual() bool { return c.def.GetGenerated() == facts.VirtualColumn }

// serial tells whether the type is one of the serial types.
func (c column) serial() bool { return facts.IsSerial(c.def.GetTypeName()) }

// notNull tells whether the statement itself says that the column can hold no
// NULL; its type may still be a domain that says so.
func (c column) notNull() bool {
	return c.key || c.identity() || c.serial() || c.constraint(pg.ConstrType_CONSTR_NOTNULL) != nil
}

// String names the column as the statement does.
func (c column) String() string { return tableName(c.table) + "." + c.name }

// defaultLocation returns where the column's default is set.
func (c column) defaultLocation() int32 {
	if d := c.constraint(pg.ConstrType_CONSTR_DEFAULT); d != nil {
		return d.Location
	}
	return c.location
}

// replacedDefault tells whether a later migration under review sets or drops
// the column's default, so that this one only fills the rows that are there.
func replacedDefault(p *lint.Pass, c column) bool {
	for e := range p.ObjectAfter(facts.PartOf(facts.Column, c.table, c.name)).After(p) {
		if cmd, is := e.Tree.(*pg.AlterTableCmd); is && cmd.Subtype == pg.AlterTableType_AT_ColumnDefault {
			return true
		}
	}
	return false
}

func renamesColumn(r *pg.RenameStmt) bool {
	return r.GetRenameType() == pg.ObjectType_OBJECT_COLUMN || r.GetRenameType() == pg.ObjectType_OBJECT_ATTRIBUTE
}
