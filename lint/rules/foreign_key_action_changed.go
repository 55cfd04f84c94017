package rules

import (
	"fmt"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var foreignKeyActionChanged = &lint.Rule{
	ID: "foreign-key-action-changed", Group: lint.GroupCascade, Severity: lint.Warning,
	On:    facts.Made,
	Title: "A foreign key gets another action",
	Why: "PostgreSQL cannot change the action of a foreign key, so tools drop the key and add it again, and in the SQL nothing says that the same `DELETE` now does something else. " +
		"Code that is running was written for the old action: it may count on rows staying that now go, or on a `DELETE` succeeding that is now refused.",
	Fix: "Check every place that deletes from (or changes keys of) the referenced table. To keep the old behaviour, repeat the old action. To keep writes going meanwhile, add the new key `NOT VALID` under another name, validate it, then drop the old one.",
	Check: func(p *lint.Pass) {
		for _, k := range foreignKeys(p, p.Statement) {
			if before, ok := formerActions(p, k); ok {
				reportActions(p, k, before)
			}
		}
	},
}

func reportActions(p *lint.Pass, k foreignKey, before keyActions) {
	if before.onDelete != k.onDelete {
		also := ""
		if before.onUpdate != k.onUpdate {
			also = fmt.Sprintf(" and ON UPDATE %s to %s", before.onUpdate, k.onUpdate)
		}
		now, r := deleteNow(p, k)
		f := p.Reportf(k.location, "%s changes from ON DELETE %s to %s%s: deleting a row of %s now %s", k.side(), before.onDelete, k.onDelete, also, tableName(k.ref), now)
		if r == nil {
			p.TellTogether(f, fmt.Sprintf("from %s to %s%s changes as well", before.onDelete, k.onDelete, also), k.side())
		} else {
			r.measure(p, f)
		}
		if isRefusal(before.onDelete) && isRefusal(k.onDelete) {
			f.Severity = lint.Notice
		}
		return
	}
	if before.onUpdate != k.onUpdate {
		f := p.Reportf(k.location, "%s changes from ON UPDATE %s to %s; check the code that changes keys of %s", k.side(), before.onUpdate, k.onUpdate, tableName(k.ref))
		f.Severity = lint.Notice
		p.TellTogether(f, fmt.Sprintf("from %s to %s changes as well", before.onUpdate, k.onUpdate), k.side())
	}
}

// deleteNow says what a DELETE does behind the change, and what it reaches further.
func deleteNow(p *lint.Pass, k foreignKey) (now string, further *cascadeReach) {
	switch k.onDelete {
	case lint.CascadeTo:
		more := ""
		if r, _ := reachOfKey(p, k); r != nil {
			if more = r.further(shortNames(p)); more != "" {
				further = r
			}
		}
		return "deletes its rows in " + tableName(k.table) + more + "; check the code that deletes", further
	case lint.SetNull:
		return "sets it to NULL; check the code that reads it", nil
	case lint.SetDefault:
		return "sets it to its default; check the code that reads it", nil
	}
	return "fails while " + tableName(k.table) + " has rows for it; check the code that deletes", nil
}
