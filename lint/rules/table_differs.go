package rules

import (
	"fmt"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var tableDiffers = &lint.Rule{
	ID: "table-differs", Group: lint.GroupData, Severity: lint.Error,
	On:    facts.Made,
	Title: "CREATE TABLE IF NOT EXISTS meets a table with other columns",
	Why: "PostgreSQL compares nothing but the name. A table that is there stays as it is, without the columns that the migration writes, and the migration counts as applied; the code that was written for it fails with `42703` when it runs. New databases get whichever comes first.\n\n" +
		"Only names of columns and types are compared. When nothing differs, it is `no-effect`.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createtable.html",
	Fix: "Write what turns the existing table into the wanted one, `ALTER TABLE … ADD COLUMN`, or give the new one another name. Leave `IF NOT EXISTS` out, so that a collision is an error.",
	Check: func(p *lint.Pass) {
		if differences := differingColumns(p); len(differences) > 0 {
			table := p.Node().GetCreateStmt().Relation
			p.Reportf(table.GetLocation(), "%s exists with other columns, and nothing happens here: %s; write the ALTER TABLE instead", tableName(table), listed(differences))
		}
	},
}

// differingColumns says how the table that exists is not what a CREATE TABLE
// IF NOT EXISTS writes; nil when there is none, or nobody knows.
func differingColumns(p *lint.Pass) []string {
	s := p.Node().GetCreateStmt()
	if !s.GetIfNotExists() || facts.IsTemporary(s.Relation) || len(s.InhRelations) > 0 || s.OfTypename != nil || slices.ContainsFunc(s.TableElts, func(n *pg.Node) bool { return n.GetTableLikeClause() != nil }) {
		return nil
	}
	t := p.Table(s.Relation)
	if t == nil || t.Partial {
		return nil
	}
	var differences []string
	for _, n := range s.TableElts {
		def := n.GetColumnDef()
		if def == nil {
			continue
		}
		differences = append(differences, differenceIn(p, t, def)...)
	}
	return differences
}

func differenceIn(p *lint.Pass, t *lint.Table, def *pg.ColumnDef) []string {
	c := t.Column(def.Colname)
	if c == nil {
		return []string{def.Colname + " is missing"}
	}
	if t.Folded {
		return nil // types are as people write them: int and integer are one
	}
	is, wanted := sqlvalue.ParseType(c.Base), resolveType(p, def.TypeName)
	if !c.Domain && commonTypes[is.Name] && commonTypes[wanted.Name] && wanted.Domain == nil && is.String() != wanted.String() {
		return []string{fmt.Sprintf("%s is %s instead of %s", def.Colname, is, wanted)}
	}
	return nil
}
