package rules

import (
	"fmt"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var columnDropped = &lint.Rule{
	ID: "column-dropped", Group: lint.GroupDrop, Severity: lint.Error,
	On:    facts.Dropped,
	Title: "A column is dropped with its values",
	Why: "`DROP COLUMN` is quick, because PostgreSQL only hides the column, but nothing shows it again. Every index and every constraint that includes the column goes too, also those over several columns: " +
		"a `UNIQUE (a, b)` no longer protects `a`, and queries on the other columns of an index lose it.\n\n" +
		"A warning when an earlier statement of the review copies its values to another column or table.\n\n" +
		"Code that is still running and names the column fails with `42703`. Most ORMs name every column they know in each `SELECT` and `INSERT`, whether they use it or not.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html",
	Fix: "Two deploys: first code that does not know the column (with `DROP NOT NULL` or a default, so that its `INSERT`s work), then the migration that drops it.\n\n" +
		"When the values are known to be worthless, say so: `-- migvet:ignore column-dropped reason`.",
	Check: func(p *lint.Pass) {
		if dropsAttributes(p.Statement) {
			checkAttributes(p)
			return
		}
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
	lost, way, copied := "loses its data", columnWay(p, r, again), columnCopiedTo(p, r.Name)
	if copied != "" && formerName(again) == "" {
		lost = "loses what was not copied to " + copied
	}
	if copied != "" && again == nil {
		way = "compare both, and drop it in a later migration"
	}
	alike := lost
	if r.seen != nil && r.seen.Values > 0 {
		alike += ", seen in the trial"
		lost += fmt.Sprintf("; %s in the trial had a value", noun.Count(r.seen.Values, "row"))
	}
	along, mentioned := goesWith(p, r), stillMentioned(p, r.Name)
	f := p.Reportf(r.location, "dropping column %s %s%s%s; %s", r, lost, along, mentioned, way)
	p.TellInSeries(f, alike+along+mentioned+way, r.String())
	if formerName(again) != "" || copied != "" {
		f.Severity = lint.Warning
	}
}

func columnWay(p *lint.Pass, r removal, again *lint.Event) string {
	switch {
	case again == nil:
		return "first deploy code that does not name it"
	case formerName(again) != "":
		return formerName(again) + " takes its name: what was not copied is gone"
	}
	return "the one that is added again below " + whatComesBack(p, r, again) + "; " + keepsValues(again)
}

// whatComesBack says what a column holds that is added again.
func whatComesBack(p *lint.Pass, r removal, again *lint.Event) string {
	def, _ := again.Tree.(*pg.ColumnDef)
	byDefault := facts.ColumnConstraint(def, pg.ConstrType_CONSTR_DEFAULT).GetRawExpr()
	literal, isLiteral := sqlvalue.ReadLiteral(byDefault)
	switch {
	case facts.ColumnConstraint(def, pg.ConstrType_CONSTR_GENERATED) != nil:
		return "is generated from other columns"
	case isWrittenAgain(p, r, again):
		return "holds what is written to it behind that"
	case facts.ColumnConstraint(def, pg.ConstrType_CONSTR_IDENTITY) != nil || facts.IsSerial(def.GetTypeName()):
		return "gets new numbers"
	case byDefault != nil && !(isLiteral && literal.Kind == sqlvalue.NullLiteral):
		return "holds its default in every row"
	}
	return "is empty"
}

// isWrittenAgain tells whether the review writes a column that it added again.
func isWrittenAgain(p *lint.Pass, r removal, again *lint.Event) bool {
	for e := range p.Relation(r.Relation()).After(p) {
		if e.Verb&facts.Updated == 0 || !e.IsBehind(again) {
			continue
		}
		if update, _ := e.Tree.(*pg.UpdateStmt); slices.Contains(targetColumns(update.GetTargetList()), r.Name.Name) {
			return true
		}
	}
	return false
}

// keepsValues names the way that keeps the values of a column that is added again.
func keepsValues(again *lint.Event) string {
	if def, _ := again.Tree.(*pg.ColumnDef); facts.ColumnConstraint(def, pg.ConstrType_CONSTR_GENERATED) != nil {
		return "compare both before it goes"
	}
	return "use ALTER COLUMN … TYPE … USING"
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

// reportComputed tells of a generated column. One that is added again, as there is no
// other way to change its expression on versions before 17, lacks only what went with it.
func reportComputed(p *lint.Pass, r removal, again *lint.Event) {
	if again != nil {
		if lost := lostWithColumn(p, r); lost != "" {
			f := p.Reportf(r.location, "generated column %s is added again below without what goes with it: %s; create that again behind it", r, lost)
			f.Severity = lint.Warning
		}
		return
	}
	also := goesWith(p, r) + stillMentioned(p, r.Name)
	f := p.Reportf(r.location, "dropping generated column %s breaks code that reads it%s; first deploy code that does not name it", r, also)
	p.TellInSeries(f, "generated"+also, r.String())
	f.Severity = lint.Warning
}

// isEmptiedHelper tells whether the review gave a column its name and copied its values
// elsewhere: ALTER TABLE t RENAME a TO a_old, UPDATE t SET a = a_old. No code knows it.
func isEmptiedHelper(p *lint.Pass, r removal) bool {
	before := ""
	for e := range p.Object(r.Name).Before(p) {
		if e.New && e.Verb&facts.Renamed != 0 {
			before = e.Name.Name
			break
		}
	}
	if before == "" {
		return false
	}
	for e := range p.Relation(r.Relation()).Before(p) {
		if e.New && copiesColumn(e.Tree, r.Name.Name, before) && !mapsValues(e.Tree, r.Name.Name) {
			return true
		}
	}
	return false
}

// dropsAttributes tells whether a statement is ALTER TYPE … DROP ATTRIBUTE.
func dropsAttributes(s *lint.Statement) bool {
	return s.Node.GetAlterTableStmt().GetObjtype() == pg.ObjectType_OBJECT_TYPE
}

// checkAttributes tells of attributes of a composite type: their values are in the
// columns that have the type, whose rows stay as they are. The server tells of neither.
func checkAttributes(p *lint.Pass) {
	for _, r := range writtenRemovals(p.Statement) {
		typ := r.Name.OfTable()
		typ.Kind = facts.Type
		if p.Object(typ).IsNew(p) {
			continue
		}
		user := typeUserOf(p, typ).first.Object
		if user == nil {
			f := p.Reportf(r.location, "dropping attribute %s breaks code that reads it%s; first deploy code that does not name it", r, stillMentioned(p, r.Name))
			f.Severity = lint.Warning
			continue
		}
		p.Reportf(r.location, "dropping attribute %s loses its values in %s%s; first deploy code that does not name it", r, user.Name(p), stillMentioned(p, r.Name))
	}
}
