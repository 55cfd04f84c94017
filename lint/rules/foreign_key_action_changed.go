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
		f := p.Reportf(k.location, "%s changes from ON DELETE %s to %s%s: %s", k.side(), before.onDelete, k.onDelete, also, deleteNow(k))
		p.TellTogether(f, fmt.Sprintf("from %s to %s%s changes as well", before.onDelete, k.onDelete, also), k.side())
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

func deleteNow(k foreignKey) string {
	now := fmt.Sprintf("deleting a row of %s now ", tableName(k.ref))
	switch k.onDelete {
	case lint.CascadeTo:
		return now + "deletes its rows in " + tableName(k.table) + "; check the code that deletes"
	case lint.SetNull:
		return now + "sets it to NULL; check the code that reads it"
	case lint.SetDefault:
		return now + "sets it to its default; check the code that reads it"
	}
	return now + "fails while " + tableName(k.table) + " has rows for it; check the code that deletes"
}
