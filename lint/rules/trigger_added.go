package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var triggerAdded = &lint.Rule{
	ID: "trigger-added", Group: lint.GroupLock, Severity: lint.Notice,
	On:    facts.Made,
	Title: "A trigger is added to a table in use",
	Why: "`CREATE TRIGGER` takes `SHARE ROW EXCLUSIVE`: it waits for transactions that write the table, and new writes wait behind it, until the transaction ends. " +
		"From then on every statement that fires it runs its function and fails when that fails, also for code that knows nothing of it.\n\n" +
		"A trigger that the same migration drops, or that replaces one, is a redefinition and not reported.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createtrigger.html",
	Fix: "Set a short `lock_timeout`, and add the trigger in a migration that does nothing slow behind it. Try the function on rows as production has them.",
	Check: func(p *lint.Pass) {
		s := p.Node().GetCreateTrigStmt()
		if s == nil || s.Replace || p.IsNew(s.Relation) || facts.IsTemporary(s.Relation) || isView(p, s.Relation) || droppedBefore(p, facts.PartOf(facts.Trigger, s.Relation, s.Trigname)) {
			return
		}
		f := p.Reportf(s.Relation.GetLocation(), "adding trigger %s makes writes to %s wait until the transaction ends, and later ones fail when it fails; set a lock_timeout", s.Trigname, tableName(s.Relation))
		p.Measured(f, "%s", p.Effect())
	},
}
