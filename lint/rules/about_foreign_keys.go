package rules

import (
	"cmp"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/newer"
)

// A foreignKey is one that a statement adds, whichever form it has there.
type foreignKey struct {
	name       string // "" when PostgreSQL is to choose it
	table      *pg.RangeVar
	columns    []string
	ref        *pg.RangeVar
	refColumns []string // nil means the primary key
	onDelete   lint.Action
	onUpdate   lint.Action
	setColumns []string // SET NULL (a, b); nil means all columns
	notValid   bool
	location   int32
	tree       *pg.Constraint // nil when only a server told of it
}

// foreignKeys returns the foreign keys that a statement adds, in the order
// they are written, without those that are NOT ENFORCED: nothing asks them, and nothing
// goes on through them.
func foreignKeys(p *lint.Pass, s *lint.Statement) []foreignKey {
	return slices.DeleteFunc(writtenKeys(p, s), func(k foreignKey) bool {
		return k.tree != nil && s.IsNewer(newer.NotEnforced, k.location)
	})
}

func writtenKeys(p *lint.Pass, s *lint.Statement) []foreignKey {
	switch n := s.Node.GetNode().(type) {
	case *pg.Node_CreateStmt:
		return createdKeys(n.CreateStmt)
	case *pg.Node_AlterTableStmt:
		return alteredKeys(alterCommands(s))
	case *pg.Node_DoStmt, nil:
		return observedKeys(p.EffectOf(s))
	}
	return nil
}

// observedKeys returns the foreign keys that are there after code of which the
// text tells nothing.
func observedKeys(e *lint.Effect) []foreignKey {
	if e == nil || e.Err != nil || e.After == nil {
		return nil
	}
	var keys []foreignKey
	for _, t := range e.After.Tables {
		before := e.Before.Table(t.QName())
		for _, c := range t.Constraints {
			if c.Kind == lint.ForeignKey && c.IsEnforced() && before.Constraint(c.Name) == nil {
				keys = append(keys, observedKey(t, c))
			}
		}
	}
	return keys
}

func observedKey(t *lint.Table, c lint.Constraint) foreignKey {
	schema, name, _ := strings.Cut(c.RefTable, ".")
	return foreignKey{
		name: c.Name, table: &pg.RangeVar{Schemaname: t.Schema, Relname: t.Name, Inh: true}, columns: c.Columns,
		ref: &pg.RangeVar{Schemaname: schema, Relname: name, Inh: true}, refColumns: c.RefColumns,
		onDelete: c.OnDelete, onUpdate: c.OnUpdate, setColumns: c.SetColumns, notValid: !c.Valid,
	}
}

func createdKeys(s *pg.CreateStmt) []foreignKey {
	if facts.IsTemporary(s.GetRelation()) {
		return nil
	}
	var keys []foreignKey
	for _, element := range s.GetTableElts() {
		keys = appendKey(keys, s.Relation, element.GetConstraint())
		keys = append(keys, columnKeys(s.Relation, element.GetColumnDef())...)
	}
	return keys
}

func alteredKeys(commands []alterCommand) []foreignKey {
	var keys []foreignKey
	for _, c := range commands {
		switch c.Subtype {
		case pg.AlterTableType_AT_AddConstraint:
			keys = appendKey(keys, c.table, c.GetDef().GetConstraint())
		case pg.AlterTableType_AT_AddColumn:
			keys = append(keys, columnKeys(c.table, c.GetDef().GetColumnDef())...)
		}
	}
	return keys
}

// columnKeys returns the REFERENCES of one column definition.
func columnKeys(table *pg.RangeVar, def *pg.ColumnDef) []foreignKey {
	var keys []foreignKey
	for _, n := range def.GetConstraints() {
		keys = appendKey(keys, table, n.GetConstraint(), def.Colname)
	}
	return keys
}

func appendKey(keys []foreignKey, table *pg.RangeVar, c *pg.Constraint, columns ...string) []foreignKey {
	if c.GetContype() != pg.ConstrType_CONSTR_FOREIGN || c.GetPktable() == nil {
		return keys
	}
	if len(columns) == 0 {
		columns = facts.Words(c.FkAttrs)
	}
	return append(keys, foreignKey{
		name: c.Conname, table: table, columns: columns,
		ref: c.Pktable, refColumns: facts.Words(c.PkAttrs),
		onDelete: lint.KeyAction(c.FkDelAction), onUpdate: lint.KeyAction(c.FkUpdAction),
		setColumns: facts.Words(c.FkDelSetCols),
		notValid:   c.SkipValidation, location: c.Location, tree: c,
	})
}

// emptied returns the columns that SET NULL or SET DEFAULT changes.
func (k foreignKey) emptied() []string {
	if len(k.setColumns) > 0 {
		return k.setColumns
	}
	return k.columns
}

// storedIn returns the key as the catalog has it in a table; nil when it is not
// there.
func (k foreignKey) storedIn(t *lint.Table) *lint.Constraint {
	if t == nil {
		return nil
	}
	for i, c := range t.Constraints {
		if k.replaces(&c) && c.OnDelete == k.onDelete {
			return &t.Constraints[i]
		}
	}
	return nil
}

// side names the columns of a key as people write them: "tasks.owner_id",
// "tasks (a, b)".
func (k foreignKey) side() string { return columnsOf(tableName(k.table), k.columns) }

// replaces tells whether c is a foreign key of the same columns to the same
// table.
func (k foreignKey) replaces(c *lint.Constraint) bool {
	return c != nil && c.Kind == lint.ForeignKey && sameColumns(c.Columns, k.columns) && strings.HasSuffix(c.RefTable, "."+k.ref.GetRelname())
}

// finalKey returns the table of a key, and the key there, as the review leaves them,
// under whatever names, else as the statement does; nil when nobody knows. gone means
// that a later statement takes the key away again.
func finalKey(p *lint.Pass, k foreignKey) (t *lint.Table, c *lint.Constraint, gone bool) {
	refused := p.Effect() != nil && !p.Tried()
	if o := p.ObjectAfter(facts.Named(facts.Table, k.table)); refused && o.Made() != nil {
		t = p.FinalOf(o) // no server has the table, as for want of an extension that one of its types is of
		return t, k.storedIn(t), false
	}
	t = p.TableFinal(k.table)
	if refused || t == nil && p.ObjectAfter(facts.Named(facts.Table, k.table)) == nil {
		t = p.TableAfter(k.table)
		return t, k.storedIn(t), false
	}
	c = finalConstraint(p, k, t)
	return t, c, c == nil
}

// finalConstraint returns a key as a table has it in the end; nil when it is gone. A
// server may have chosen another name for it than the history lets expect.
func finalConstraint(p *lint.Pass, k foreignKey, final *lint.Table) *lint.Constraint {
	name := k.nameAfter(p)
	c := p.FinalConstraint(k.table, name)
	if c != nil || k.name != "" || dropsKind(p.ObjectAfter(facts.PartOf(facts.Constraint, k.table, name)).After(p), facts.Constraint) {
		return c
	}
	return k.storedIn(final)
}

// nameAfter is what a key is called behind its statement; "" when nobody knows.
func (k foreignKey) nameAfter(p *lint.Pass) string {
	if k.name != "" {
		return k.name
	}
	for e := range p.ObjectAfter(facts.Named(facts.Table, k.table)).Until(p) {
		if e.Statement != p.Statement {
			break
		}
		if tree, is := e.Tree.(*facts.TableConstraint); is && tree.Constraint == k.tree {
			return e.Name.Name
		}
	}
	return ""
}

// lastColumn returns a column as the review leaves it, else as the statement does.
func lastColumn(p *lint.Pass, table *pg.RangeVar, name string) *lint.Column {
	return cmp.Or(p.FinalColumn(table, name), p.TableAfter(table).Column(name))
}
