package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// A typeChange is one ALTER COLUMN … TYPE of a table that existed.
type typeChange struct {
	alterCommand
	from, to string // as format_type prints them; from is "" when unknown
	cost     conversion
}

// typeChanges returns the type changes of a statement, with their cost by the
// documented rules.
func typeChanges(p *lint.Pass) []typeChange {
	var changes []typeChange
	for _, c := range alterCommands(p.Statement) {
		def := c.GetDef().GetColumnDef()
		if c.Subtype != pg.AlterTableType_AT_AlterColumnType || def == nil || p.IsNew(c.table) || columnIsNew(p, c.table, c.Name) {
			continue
		}
		changes = append(changes, newTypeChange(p, c, def))
	}
	return changes
}

func newTypeChange(p *lint.Pass, c alterCommand, def *pg.ColumnDef) typeChange {
	change := typeChange{alterCommand: c, to: datatypeOf(def.TypeName).String()}
	if d, ok := declaredColumn(p.Earlier(), c.table, c.Name); ok {
		from := datatypeOf(d.typ)
		change.from, change.cost = from.String(), convert(from, datatypeOf(def.TypeName))
	}
	if column := p.Table(c.table).Column(c.Name); column != nil {
		change.from = column.Type
	}
	if computes(def.RawDefault, c.Name) {
		change.cost = conversionRewrites
	}
	return change
}

// computes tells whether USING does more than convert the column itself.
func computes(using *pg.Node, name string) bool {
	for using.GetTypeCast() != nil {
		using = using.GetTypeCast().Arg
	}
	if using == nil {
		return false
	}
	fields := words(using.GetColumnRef().GetFields())
	return len(fields) != 1 || fields[0] != name
}

// label names the change: "orders.total from integer to bigint".
func (c typeChange) label() string {
	name := tableName(c.table) + "." + c.Name
	if c.from == "" {
		return name + " to " + c.to
	}
	if c.from == c.to {
		return name + ", " + c.to
	}
	return name + " from " + c.from + " to " + c.to
}
