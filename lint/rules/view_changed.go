package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var viewChanged = &lint.Rule{
	ID: "view-changed", Group: lint.GroupCompat, Severity: lint.Warning,
	On:    facts.Made,
	Title: "A view loses columns, or returns other types",
	Why: "`CREATE OR REPLACE VIEW` only takes new columns at the end. Made again behind a `DROP VIEW`, a view can return anything, and code that still runs and reads a column that is gone fails with `42703`; another type can break it in ways that depend on the driver. A column that is NULL from now on breaks nothing that anybody sees.\n\n" +
		"What no reader notices, `varchar` that becomes `text` for instance, is not told, nor a type that the column of the table gets in the same review.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createview.html",
	Fix: "Keep the old columns beside the new ones until no code reads them, or give the new view another name.",
	Check: func(p *lint.Pass) {
		view, drop := recreatedView(p)
		if drop == nil {
			return
		}
		if gone := lostColumns(p, view, drop); len(gone) > 0 {
			p.Reportf(view.GetLocation(), "%s no longer returns %s, which code may still read; keep the old columns until none does", tableName(view), listed(gone))
		}
		if empty := emptiedColumns(p, view, drop); len(empty) > 0 {
			p.Reportf(view.GetLocation(), "%s returns NULL as %s for every row from now on; code that reads it gets nothing, and no error", tableName(view), listed(empty))
		}
		if other := retypedColumns(p, view, drop); len(other) > 0 {
			p.Reportf(view.GetLocation(), "%s now returns %s, which code may not expect; keep the old types, or use another name", tableName(view), listed(other))
		}
	},
}

// recreatedView returns the view that a statement makes and the event of the
// review by which one of that name went that existed before.
func recreatedView(p *lint.Pass) (*pg.RangeVar, *lint.Event) {
	for _, f := range p.Facts() {
		if f.Verb&facts.Made == 0 || f.Name.Kind != facts.View && f.Name.Kind != facts.MaterializedView {
			continue
		}
		if p.Object(f.Name) != nil {
			return nil, nil
		}
		return f.Name.Relation(), p.Gone(f.Name)
	}
	return nil, nil
}

// columnsBefore returns the names of the columns a view had when it was
// dropped, before the review added any to them; nil when nobody knows, or it was new.
func columnsBefore(p *lint.Pass, drop *lint.Event, view *pg.RangeVar) []string {
	if e := p.EffectOf(drop.Statement); e != nil {
		return oldColumns(e.Before.Find(view.Schemaname, view.Relname))
	}
	for e := range drop.Object.Before(p) {
		switch {
		case e.IsBehind(drop):
		case e.Name.Kind == facts.Column && e.Verb&facts.Renamed != 0:
			return nil // ALTER VIEW … RENAME COLUMN
		case e.Verb&facts.Made != 0 && !e.New && !foundThere(e):
			return outputNames(e.Statement.Node)
		}
	}
	return nil
}

// foundThere tells whether IF NOT EXISTS found the view that it would make.
func foundThere(e lint.Event) bool {
	made := e.Object.Made()
	return e.Statement.Node.GetCreateTableAsStmt().GetIfNotExists() && (made == nil || made.Statement != e.Statement)
}

func oldColumns(t *lint.Table) []string {
	if t == nil || t.New {
		return nil
	}
	var names []string
	for _, c := range t.Columns {
		names = append(names, c.Name)
	}
	return names
}

func lostColumns(p *lint.Pass, view *pg.RangeVar, drop *lint.Event) []string {
	after := outputNames(p.Node())
	if t := p.CatalogAfter(view); t != nil {
		after = nil
		for _, c := range t.Columns {
			after = append(after, c.Name)
		}
	}
	if after == nil {
		return nil
	}
	return slices.DeleteFunc(columnsBefore(p, drop, view), func(name string) bool { return slices.Contains(after, name) })
}

// emptiedColumns returns the columns of the view as it was that are NULL by the text of the
// new one: SELECT NULL::text AS title.
func emptiedColumns(p *lint.Pass, view *pg.RangeVar, drop *lint.Event) (empty []string) {
	before, was := columnsBefore(p, drop, view), nullColumns(drop.Object, p)
	for _, name := range nullOutputs(p.Node()) {
		if slices.Contains(before, name) && !slices.Contains(was, name) {
			empty = append(empty, name)
		}
	}
	return empty
}

// nullColumns are those that were NULL by the last text before.
func nullColumns(view *lint.Object, p *lint.Pass) []string {
	for e := range view.Before(p) {
		if e.Verb&facts.Made != 0 {
			return nullOutputs(e.Statement.Node)
		}
	}
	return nil
}

// nullOutputs returns the columns for which a query that is no UNION has a NULL.
func nullOutputs(n *pg.Node) (names []string) {
	query := n.GetViewStmt().GetQuery()
	if as := n.GetCreateTableAsStmt(); as != nil {
		query = as.Query
	}
	outputs := outputNames(n)
	for i, target := range query.GetSelectStmt().GetTargetList() {
		value := target.GetResTarget().GetVal()
		for value.GetTypeCast() != nil {
			value = value.GetTypeCast().Arg
		}
		if i < len(outputs) && value.GetAConst().GetIsnull() {
			names = append(names, outputs[i])
		}
	}
	return names
}

// readAlike are types that drivers hand over as the same text.
var readAlike = wordSet("text varchar name")

// isReadAlike tells whether no reader notices one type in place of another: varchar(20) and
// text, numeric(10,2) and numeric. The blanks behind a char(17) are there, or are not.
func isReadAlike(a, b string) bool {
	a, b = plainType(a), plainType(b)
	return a == b && a != "character" || readAlike[a] && readAlike[b]
}

func plainType(t string) string {
	if strings.HasSuffix(t, "[]") {
		return t
	}
	plain, _, _ := strings.Cut(t, "(")
	if plain == "character varying" {
		return "varchar"
	}
	return plain
}

// changesInTable tells whether a column of the view's tables of that name gets the new type in
// this review, which is told there.
func changesInTable(p *lint.Pass, column string) bool {
	for _, m := range p.History.New {
		for _, s := range m.Statements() {
			for _, c := range s.Node.GetAlterTableStmt().GetCmds() {
				if cmd := c.GetAlterTableCmd(); cmd.GetSubtype() == pg.AlterTableType_AT_AlterColumnType && cmd.Name == column {
					return true
				}
			}
		}
	}
	return false
}

// retypedColumns compares types, which only a server knows.
func retypedColumns(p *lint.Pass, view *pg.RangeVar, drop *lint.Event) []string {
	e := p.EffectOf(drop.Statement)
	if e == nil {
		return nil
	}
	before := e.Before.Find(view.Schemaname, view.Relname)
	var changed []string
	for _, name := range oldColumns(before) {
		was, is := before.Column(name), p.CatalogAfter(view).Column(name)
		if is != nil && is.Type != was.Type && !isReadAlike(is.Type, was.Type) && !changesInTable(p, name) {
			changed = append(changed, name+" as "+is.Type+" instead of "+was.Type)
		}
	}
	return changed
}

// outputNames returns the names of the columns a view's text gives; nil when
// it has a star or something without a name.
func outputNames(n *pg.Node) []string {
	query, aliases := n.GetViewStmt().GetQuery(), n.GetViewStmt().GetAliases()
	if as := n.GetCreateTableAsStmt(); as != nil {
		query, aliases = as.Query, as.Into.GetColNames()
	}
	s := query.GetSelectStmt()
	for s.GetLarg() != nil { // UNION takes the names of its first part
		s = s.Larg
	}
	names := facts.Words(aliases)
	for _, target := range s.GetTargetList()[min(len(names), len(s.GetTargetList())):] {
		name := outputName(target.GetResTarget())
		if name == "" {
			return nil
		}
		names = append(names, name)
	}
	return names
}

func outputName(t *pg.ResTarget) string {
	if t.GetName() != "" {
		return t.Name
	}
	fields := t.GetVal().GetColumnRef().GetFields()
	if len(fields) > 0 {
		return fields[len(fields)-1].GetString_().GetSval() // "" for a star
	}
	return strings.ToLower(facts.LastWord(t.GetVal().GetFuncCall().GetFuncname()))
}
