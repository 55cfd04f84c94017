package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var tableDropped = &lint.Rule{
	ID: "table-dropped", Group: lint.GroupDrop, Severity: lint.Error,
	On:    facts.Dropped,
	Title: "A table is dropped with all its rows",
	Why: "The rows are gone when the transaction commits; only a backup brings them back. Indexes, triggers, policies and grants of the table go too. " +
		"Code that is still running fails with `42P01` from that moment.\n\n" +
		"`DROP TABLE` takes `ACCESS EXCLUSIVE` on the table and on every table it has foreign keys to or from, so it waits for, and then blocks, readers of those as well.\n\n" +
		"A warning when an earlier statement of the review copies its rows, or takes them, which is told of there; a notice when a view that shows the copied ones takes its name.\n\n" +
		"https://www.postgresql.org/docs/current/sql-droptable.html",
	Fix: "Deploy code that does not use the table first. Then rename it, wait until nothing has missed it, and drop it in a later migration:\n\n" +
		"```sql\nALTER TABLE orders RENAME TO orders_unused;\n```\n\n" +
		"When the rows are known to be worthless, say so: `-- migvet:ignore table-dropped reason`.",
	Check: func(p *lint.Pass) {
		for _, r := range removals(p, "table", "foreign table") {
			if !isNewObject(p, r.Name) {
				reportTable(p, r)
			}
		}
	},
}

func reportTable(p *lint.Pass, r removal) {
	if r.Kind == "foreign table" {
		f := p.Reportf(r.location, "dropping foreign table %s breaks code that reads through it; its rows stay on the other server%s", r, stillMentioned(p, r.Name))
		f.Severity = lint.Warning
		return
	}
	var lost string
	rows, partitions := lostRows(p, r)
	if rows > 0 {
		lost = " (" + noun.Count(rows, "row") + " in the trial)"
	}
	if len(partitions) > 0 {
		lost += ", partitions " + listed(partitions) + " go with it"
	}
	again := p.MadeAgain(r.Name)
	loses, way, to := "all its rows", tableWay(p, r), copiedTo(p, r, isFilledAgain(p, r, again))
	switch {
	case to == nil:
	case again == nil:
		loses, way = "what was not copied to "+to.String(), "compare both, and drop it in a later migration"
	case isFilledAgain(p, r, again):
		loses = "what was not copied to " + to.String()
	case isMadeView(again):
		loses, way = "what was not copied to "+to.String(), again.Name.Phrase()+" takes its name; compare both before it goes"
	}
	if to == nil && again == nil && isEmptiedAbove(p, r) {
		f := p.Reportf(r.location, "dropping table %s, whose rows went above, breaks code that uses it%s; first deploy code that does not", r, stillMentioned(p, r.Name))
		f.Severity = lint.Warning
		return
	}
	if knowledgeOf(p, r) == isUnheard {
		f := p.Reportf(r.location, "table %s, which no migration before this one makes, loses all its rows if it is there; %s", r, way)
		f.Severity = lint.Notice
		p.TellInSeries(f, "unheard of"+way, r.String())
		return
	}
	mentioned := stillMentioned(p, r.Name)
	f := p.Reportf(r.location, "dropping table %s loses %s%s%s; %s", r, loses, lost, mentioned, way)
	p.TellInSeries(f, loses+onlyIf(rows > 0, " in the trial")+listed(partitions)+mentioned+way, r.String())
	switch {
	case to == nil:
	case isMadeView(again) && showsRowsOf(again, *to):
		f.Severity = lint.Notice
	default:
		f.Severity = lint.Warning
	}
}

// isFilledAgain tells whether the review makes a table of the name again, and puts rows
// into it.
func isFilledAgain(p *lint.Pass, r removal, again *lint.Event) bool {
	if again == nil || again.Verb&facts.Made == 0 || again.Name.Kind != facts.Table {
		return false
	}
	if again.Verb&facts.Filled != 0 {
		return true
	}
	for e := range again.Object.After(p) {
		if e.Verb&facts.Filled != 0 {
			return true
		}
	}
	return false
}

// isMadeView tells whether what gets a name is made there as a view.
func isMadeView(e *lint.Event) bool {
	return e != nil && e.Verb&facts.Made != 0 && (e.Name.Kind == facts.View || e.Name.Kind == facts.MaterializedView)
}

// showsRowsOf tells whether the query of a view reads a table.
func showsRowsOf(view *lint.Event, table facts.Name) bool {
	var query *pg.Node
	switch tree := view.Tree.(type) {
	case *pg.ViewStmt:
		query = tree.Query
	case *pg.CreateTableAsStmt:
		query = tree.Query
	}
	return slices.ContainsFunc(facts.RelationsIn(query), func(r *pg.RangeVar) bool { return table.Same(facts.Named(table.Kind, r)) })
}

// copiedTo returns the table to which an earlier statement of the review copied
// rows of one that is dropped, nil when none did. A temporary one counts where rows
// come back.
func copiedTo(p *lint.Pass, r removal, comesBack bool) *facts.Name {
	var joined *facts.Name
	for e := range p.Object(r.Name).Before(p) {
		if !e.New || e.Verb&facts.Copied == 0 || !comesBack && facts.IsTemporary(copyTarget(e.Statement)) || !takesColumns(e.Tree) {
			continue
		}
		to := *e.To
		if to.Schema == facts.TemporarySchema { // nobody writes it
			to.Schema = ""
		}
		if query, is := e.Tree.(*pg.Node); is && len(facts.RelationsIn(query)) == 1 {
			return &to // the rows of this table alone go there
		}
		if joined == nil {
			joined = &to
		}
	}
	return joined
}

// lostRows counts what was in the table and in the partitions that went with
// it. A partition's name may stand in the statement, too.
func lostRows(p *lint.Pass, r removal) (rows int64, partitions []string) {
	if r.seen == nil {
		return 0, nil
	}
	rows = r.seen.Values
	if len(removals(p, "table")) > 1 {
		return rows, nil
	}
	for _, o := range p.Effect().Dropped {
		if o.Kind == "table" && o.Auto && !strings.HasPrefix(o.Name, "pg_toast.") {
			rows += o.Values
			partitions = append(partitions, unqualified(p, o.Name))
		}
	}
	slices.Sort(partitions)
	return rows, partitions
}

func tableWay(p *lint.Pass, r removal) string {
	switch again := p.MadeAgain(r.Name); {
	case again == nil:
		return "rename it first, and drop it when nothing has missed it"
	case formerName(again) != "":
		return again.Name.String() + " takes its name: what was not copied is gone"
	case isMadeView(again):
		return "the " + string(again.Name.Kind) + " that takes its name shows rows of other tables; copy them there first, or rename the table"
	}
	again := p.MadeAgain(r.Name)
	if isFilledAgain(p, r, again) {
		return "the one that is made again below holds what is written to it behind that; change the table with ALTER TABLE"
	}
	return "the one that is made again below is empty; change the table with ALTER TABLE"
}
