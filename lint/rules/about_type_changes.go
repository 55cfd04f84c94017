package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

// A typeChange is one ALTER COLUMN … TYPE of a table that existed.
type typeChange struct {
	alterCommand
	from, to string // as people write them; from is "" when unknown
	cost     sqlvalue.Conversion
	isNew    bool // the review added the column
}

// typeChanges returns the type changes of columns that existed, with their cost by the
// documented rules.
func typeChanges(p *lint.Pass) []typeChange {
	return slices.DeleteFunc(allTypeChanges(p), func(c typeChange) bool { return c.isNew })
}

// allTypeChanges are also those of columns that the review added to tables that existed.
func allTypeChanges(p *lint.Pass) []typeChange {
	var changes []typeChange
	for _, c := range alterCommands(p.Statement) {
		def := c.GetDef().GetColumnDef()
		if c.Subtype != pg.AlterTableType_AT_AlterColumnType || def == nil || p.IsNew(c.table) {
			continue
		}
		change := newTypeChange(p, c, def)
		change.isNew = columnIsNew(p, c.table, c.Name)
		changes = append(changes, change)
	}
	return changes
}

func newTypeChange(p *lint.Pass, c alterCommand, def *pg.ColumnDef) typeChange {
	to := resolveType(p, def.TypeName)
	change := typeChange{alterCommand: c, to: typeText(to, def.TypeName)}
	if was := p.Folded(c.table).Column(c.Name); was != nil && was.Written != nil {
		from := resolveType(p, was.Written)
		change.from, change.cost = typeText(from, was.Written), from.ConversionTo(to)
	}
	if column := p.Catalog(c.table).Column(c.Name); column != nil {
		change.from = sqlvalue.ParseType(column.Type).String()
	}
	switch casts, computed := readUsing(def.RawDefault, c.Name); {
	case computed:
		change.cost = sqlvalue.ConversionRewrites
	case casts > 1 && change.cost == sqlvalue.ConversionFree:
		change.cost = sqlvalue.ConversionUnknown
	}
	return change
}

// typeText names a type, also one that nobody knows.
func typeText(t sqlvalue.Type, written *pg.TypeName) string {
	if t.Name == "" || t.Domain != nil {
		return strings.Join(facts.Words(written.GetNames()), ".")
	}
	return t.String()
}

// label names the change: "orders.total from integer to bigint".
func (c typeChange) label() string {
	name := tableName(c.table) + "." + c.Name
	if c.from == "" {
		return name + " to " + c.to
	}
	if c.from == c.to {
		return "the type of " + name + " from " + c.to + " to itself"
	}
	return name + " from " + c.from + " to " + c.to
}

// readUsing tells how often USING converts the column, and whether it does more
// than that.
func readUsing(expr *pg.Node, name string) (casts int, computed bool) {
	for ; expr.GetTypeCast() != nil; casts++ {
		expr = expr.GetTypeCast().Arg
	}
	if expr == nil {
		return casts, false
	}
	fields := facts.Words(expr.GetColumnRef().GetFields())
	return casts, len(fields) != 1 || fields[0] != name
}
