package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var defaultDropped = &lint.Rule{
	ID: "default-dropped", Group: lint.GroupDrop, Severity: lint.Warning,
	On:      facts.Changed,
	Remains: true,
	Title:   "A column loses what fills it: its default, identity or expression",
	Why: "Rows that are there keep their values. An `INSERT` that leaves the column out fails with `23502` when the column is `NOT NULL`, and writes NULL when it is not. " +
		"For a column that the migration has just added, that is every `INSERT` of the code that is still running, because that code does not know the column.\n\n" +
		"After `DROP EXPRESSION` the column keeps its values, and no longer follows the columns it was computed from.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html",
	Fix: "First deploy code that always writes the column, then drop the default in a later migration.",
	Check: func(p *lint.Pass) {
		for _, c := range append(alterCommands(p.Statement), observedDefaults(p)...) {
			if what := droppedFilling(c); what != "" && !p.IsNew(c.table) && !filledAgain(p, c) {
				checkFilling(p, c, what)
			}
		}
	},
}

// observedDefaults returns, as if they were written, the DROP DEFAULTs of code
// whose text tells nothing.
func observedDefaults(p *lint.Pass) []alterCommand {
	if p.Node().GetAlterTableStmt() != nil {
		return nil
	}
	var commands []alterCommand
	for _, r := range removals(p, "default value") {
		cmd := &pg.AlterTableCmd{Subtype: pg.AlterTableType_AT_ColumnDefault, Name: r.Name.Name}
		commands = append(commands, alterCommand{AlterTableCmd: cmd, table: r.Relation()})
	}
	return commands
}

// droppedFilling names what a command drops that gave the column its values.
func droppedFilling(c alterCommand) string {
	switch c.Subtype {
	case pg.AlterTableType_AT_ColumnDefault:
		if c.Def == nil {
			return "default"
		}
	case pg.AlterTableType_AT_DropIdentity:
		return "identity"
	case pg.AlterTableType_AT_DropExpression:
		return "expression"
	}
	return ""
}

// filledAgain tells whether the same migration gives the column another
// default, or drops it.
func filledAgain(p *lint.Pass, c alterCommand) bool {
	if isFollowedBy(p, c, pg.AlterTableType_AT_AddIdentity, pg.AlterTableType_AT_DropColumn) {
		return true
	}
	for _, later := range ownCommandsBehind(p, c) {
		if later.Subtype == pg.AlterTableType_AT_ColumnDefault && later.Def != nil {
			return true
		}
	}
	return false
}

func checkFilling(p *lint.Pass, c alterCommand, what string) {
	column := facts.PartOf(facts.Column, c.table, c.Name)
	before, after := p.Table(c.table).Column(c.Name), p.TableAfter(c.table).Column(c.Name)
	if before != nil && !before.Unknown && !before.IsFilled() || after.IsFilled() {
		return
	}
	notNull, known := fillsNotNull(p, c, before)
	if isNewObject(p, column) {
		if notNull {
			f := p.Reportf(c.location, "without its default, new column %s makes the INSERTs of code that does not know it fail (23502); keep the default until that code is gone", column)
			p.TellInSeries(f, "new", column.String())
		}
		return
	}
	switch {
	case what == "expression":
		mentioned := stillMentioned(p, column)
		f := p.Reportf(c.location, "%s is no longer computed: it keeps its values, and new rows have none unless code writes it%s; first deploy code that does", column, mentioned)
		p.TellInSeries(f, "computed"+mentioned, column.String())
	case !known:
		f := p.Reportf(c.location, "INSERTs that leave out %s fail from now on if it is NOT NULL, and write NULL if not; first deploy code that always writes it", column)
		p.TellInSeries(f, "if NOT NULL", column.String())
	case notNull:
		f := p.Reportf(c.location, "INSERTs that leave out %s fail from now on: it is NOT NULL (23502); first deploy code that always writes it", column)
		p.TellInSeries(f, "NOT NULL", column.String())
	default:
		f := p.Reportf(c.location, "INSERTs that leave out %s write NULL from now on; first deploy code that always writes it", column)
		f.Severity = lint.Notice
		p.TellInSeries(f, "NULL", column.String())
	}
}

// fillsNotNull tells whether the column can hold no NULL. An identity column
// never can.
func fillsNotNull(p *lint.Pass, c alterCommand, before *lint.Column) (notNull, known bool) {
	if last := p.FinalColumn(c.table, c.Name); last != nil && !last.Unknown && !last.NotNull {
		return false, true // a statement below may take NOT NULL away
	}
	if after := p.TableAfter(c.table).Column(c.Name); after != nil && !after.Unknown {
		return after.NotNull, true
	}
	if before != nil && !before.Unknown {
		return before.NotNull, true
	}
	isIdentity := c.Subtype == pg.AlterTableType_AT_DropIdentity
	return isIdentity, isIdentity
}
