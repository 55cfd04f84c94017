package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var triggerAdded = &lint.Rule{
	ID: "trigger-added", Group: lint.GroupLock, Severity: lint.Notice,
	On:      facts.Made,
	Remains: true,
	Title:   "A trigger is added to a table in use",
	Why: "`CREATE TRIGGER` takes `SHARE ROW EXCLUSIVE`: it waits for transactions that write the table, and new writes wait behind it, until the transaction ends. " +
		"From then on every statement that fires it runs its function and fails when that fails, also for code that knows nothing of it.\n\n" +
		"All of a review are told in one. One that replaces a trigger which the same migration drops is a redefinition and not reported.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createtrigger.html",
	Fix: "Set a short `lock_timeout`, and add the trigger in a migration that does nothing slow behind it. Try the function on rows as production has them.",
	Check: func(p *lint.Pass) {
		s := p.Node().GetCreateTrigStmt()
		if s == nil || s.Replace || p.IsNew(s.Relation) || facts.IsTemporary(s.Relation) || isView(p, s.Relation) || redefines(p, facts.PartOf(facts.Trigger, s.Relation, s.Trigname)) {
			return
		}
		f := p.Reportf(s.Relation.GetLocation(), "adding trigger %s makes writes to %s wait, and each later %s fail when it fails; set a lock_timeout", s.Trigname, tableName(s.Relation), firedBy(s))
		p.TellTogether(f, "the same goes for", s.Trigname+" on "+tableName(s.Relation))
		p.Measured(f, "%s", p.Effect())
	},
}

// redefines tells whether an earlier statement of the migration drops a trigger of
// the same name, and there was one: DROP TRIGGER IF EXISTS is written out of habit.
func redefines(p *lint.Pass, trigger facts.Name) bool {
	gone := p.Gone(trigger)
	if !gone.IsHere(p) {
		return false
	}
	if e := p.EffectOf(gone.Statement); e != nil {
		return slices.ContainsFunc(e.Dropped, func(o lint.CatalogObject) bool { return o.Kind == string(facts.Trigger) })
	}
	return !gone.Maybe || gone.Object.Made() != nil
}

// firedBy names the statements that fire a trigger: INSERT or UPDATE. The bits are
// those of pg_trigger.tgtype.
// https://www.postgresql.org/docs/current/catalog-pg-trigger.html
func firedBy(s *pg.CreateTrigStmt) string {
	var names []string
	for i, name := range []string{"INSERT", "DELETE", "UPDATE", "TRUNCATE"} {
		if s.Events&(4<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, " or ")
}
