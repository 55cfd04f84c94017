package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var notNullDropped = &lint.Rule{
	ID: "not-null-dropped", Group: lint.GroupDrop, Severity: lint.Notice,
	On:      facts.Changed | facts.Dropped,
	Remains: true,
	Title:   "A column may become NULL",
	Why: "Nothing fails when it is dropped. Code that reads the column and never met a NULL there fails later, on the first row that has one. Unique constraints over the column no longer hold for rows with a NULL, `NOT IN` over it returns nothing, and comparisons are neither true nor false.\n\n" +
		"Undoing it needs every NULL to be replaced first, and a scan of the table.\n\n" +
		"As the first step of removing a column it is right: code that does not know the column can then insert.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-NOT-NULL",
	Fix: "First deploy code that can read a NULL, then drop the `NOT NULL`, then deploy code that writes one.",
	Check: func(p *lint.Pass) {
		for _, c := range alterCommands(p.Statement) {
			if c.Subtype == pg.AlterTableType_AT_DropNotNull && losesNotNull(p, c) {
				reportNullable(p, facts.PartOf(facts.Column, c.table, c.Name), c.location)
			}
		}
		for _, r := range writtenRemovals(p.Statement) {
			checkNotNullConstraint(p, r)
		}
		if p.Node().GetAlterTableStmt() == nil && p.Tried() {
			compareNotNull(p)
		}
	},
}

// compareNotNull finds what code whose text tells nothing, and ALTER DOMAIN,
// did to the columns that were there.
func compareNotNull(p *lint.Pass) {
	if p.Effect().Before == nil || p.Effect().After == nil {
		return
	}
	for _, t := range p.Effect().Before.Tables {
		after := p.Effect().After.Find(t.Schema, t.Name)
		for _, c := range t.Columns {
			is := after.Column(c.Name)
			name := facts.Name{Kind: facts.Column, Schema: t.Schema, Table: t.Name, Name: c.Name}
			if c.NotNull && is != nil && !is.NotNull && !isNewObject(p, name) {
				reportNullable(p, name, 0)
			}
		}
	}
}

// checkNotNullConstraint knows the constraints that NOT NULL has since
// PostgreSQL 18.
func checkNotNullConstraint(p *lint.Pass, r removal) {
	c := p.Catalog(r.Relation()).Constraint(r.Name.Name)
	if r.Kind != "table constraint" || c == nil || c.Kind != lint.NotNullC || len(c.Columns) != 1 || isNewObject(p, r.Name) || saysDropNotNull(p, c.Columns[0]) {
		return
	}
	reportNullable(p, facts.PartOf(facts.Column, r.Relation(), c.Columns[0]), r.location)
}

func reportNullable(p *lint.Pass, column facts.Name, location int32) {
	mentioned := stillMentioned(p, column)
	f := p.Reportf(location, "%s may hold NULL from now on%s; first deploy code that can read one", column, mentioned)
	p.TellInSeries(f, "may hold NULL"+mentioned, column.String())
}

// losesNotNull tells whether DROP NOT NULL changes anything that anybody can
// be using, and lasts.
func losesNotNull(p *lint.Pass, c alterCommand) bool {
	if isNewObject(p, facts.PartOf(facts.Column, c.table, c.Name)) || isFollowedBy(p, c, pg.AlterTableType_AT_SetNotNull, pg.AlterTableType_AT_DropColumn) {
		return false
	}
	before := p.Table(c.table).Column(c.Name)
	return before == nil || before.Unknown || before.NotNull
}

// saysDropNotNull tells whether the statement says DROP NOT NULL for a column,
// which drops the constraint as well.
func saysDropNotNull(p *lint.Pass, column string) bool {
	return slices.ContainsFunc(tableCommands(p.Statement), func(c *pg.AlterTableCmd) bool {
		return c.Subtype == pg.AlterTableType_AT_DropNotNull && c.Name == column
	})
}
