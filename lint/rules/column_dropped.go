package rules

import (
	"fmt"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var columnDropped = &lint.Rule{
	ID: "column-dropped", Group: lint.GroupDrop, Severity: lint.Error,
	On:    facts.Dropped,
	Title: "A column is dropped with its values",
	Why: "`DROP COLUMN` is quick, because PostgreSQL only hides the column, but nothing shows it again. Every index and every constraint that includes the column goes too, also those over several columns: " +
		"a `UNIQUE (a, b)` no longer protects `a`, and queries on the other columns of an index lose it.\n\n" +
		"Code that is still running and names the column fails with `42703`. Most ORMs name every column they know in each `SELECT` and `INSERT`, whether they use it or not.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html",
	Fix: "Two deploys: first code that does not know the column (with `DROP NOT NULL` or a default, so that its `INSERT`s work), then the migration that drops it.\n\n" +
		"When the values are known to be worthless, say so: `-- migvet:ignore column-dropped reason`.",
	Check: func(p *lint.Pass) {
		for _, r := range removals(p, "table column", "foreign table column") {
			if !isNewObject(p, r.Name) && !isEmptiedHelper(p, r) {
				reportColumn(p, r)
			}
		}
	},
}

func reportColumn(p *lint.Pass, r removal) {
	again := p.MadeAgain(r.Name)
	if isComputed(p, r, again) {
		reportComputed(p, r, again)
		return
	}
	lost := "loses its data"
	if r.seen != nil && r.seen.Values > 0 {
		lost += fmt.Sprintf("; %s in the trial had a value", noun.Count(r.seen.Values, "row"))
	}
	f := p.Reportf(r.location, "dropping column %s %s%s%s; %s", r, lost, goesWith(p, r), stillMentioned(p, r.Name), columnWay(again))
	if formerName(again) != "" {
		f.Severity = lint.Warning
	}
}

func columnWay(again *lint.Event) string {
	switch {
	case again == nil:
		return "first deploy code that does not name it"
	case formerName(again) != "":
		return formerName(again) + " takes its name: what was not copied is gone"
	}
	return "the one that is added again below is empty; use ALTER COLUMN … TYPE … USING"
}

// isComputed tells whether a column's values come from other columns: nothing is
// lost with it. How it is added again is how it was.
func isComputed(p *lint.Pass, r removal, again *lint.Event) bool {
	if c := p.Table(r.Relation()).Column(r.Name.Name); c != nil && !c.Unknown {
		return c.Generated
	}
	if again == nil {
		return false
	}
	def, is := again.Tree.(*pg.ColumnDef)
	return is && facts.ColumnConstraint(def, pg.ConstrType_CONSTR_GENERATED) != nil
}

func reportComputed(p *lint.Pass, r removal, again *lint.Event) {
	if again != nil && goesWith(p, r) == "" {
		return
	}
	f := p.Reportf(r.location, "dropping generated column %s breaks code that reads it%s%s; first deploy code that does not name it", r, goesWith(p, r), stillMentioned(p, r.Name))
	f.Severity = lint.Warning
}

// isEmptiedHelper tells whether the review gave a column its name and copied its values
// elsewhere: ALTER TABLE t RENAME a TO a_old, UPDATE t SET a = a_old. No code knows it.
func isEmptiedHelper(p *lint.Pass, r removal) bool {
	renamed := false
	for e := range p.Object(r.Name).Before(p) {
		renamed = renamed || e.New && e.Verb&facts.Renamed != 0
	}
	if !renamed {
		return false
	}
	for e := range p.Relation(r.Relation()).Before(p) {
		update, is := e.Tree.(*pg.UpdateStmt)
		if is && e.New && update.WhereClause == nil && readsColumn(update.TargetList, r.Name.Name) {
			return true
		}
	}
	return false
}

// readsColumn tells whether what an UPDATE writes comes from a column.
func readsColumn(targets []*pg.Node, column string) bool {
	found := false
	for _, n := range targets {
		facts.Walk(n.GetResTarget().GetVal(), func(n *pg.Node) bool {
			found = found || facts.LastWord(n.GetColumnRef().GetFields()) == column
			return !found
		})
	}
	return found
}
