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
			if p.IsNew(k.table) {
				continue
			}
			if before, ok := formerActions(p, k); ok {
				reportActions(p, k, before)
			}
		}
	},
}

type keyActions struct{ onDelete, onUpdate lint.Action }

func reportActions(p *lint.Pass, k foreignKey, before keyActions) {
	if before.onDelete != k.onDelete {
		f := p.Reportf(k.location, "%s changes from ON DELETE %s to %s: %s", k.side(), before.onDelete, k.onDelete, deleteNow(k))
		if isRefusal(before.onDelete) && isRefusal(k.onDelete) {
			f.Severity = lint.Notice
		}
	}
	if before.onUpdate != k.onUpdate {
		f := p.Reportf(k.location, "%s changes from ON UPDATE %s to %s; check the code that changes keys of %s", k.side(), before.onUpdate, k.onUpdate, tableName(k.ref))
		f.Severity = lint.Notice
	}
}

func isRefusal(a lint.Action) bool { return a == lint.NoAction || a == lint.Restrict }

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

// formerActions finds the key that was on the same columns: it is still there,
// or the review dropped it before.
func formerActions(p *lint.Pass, k foreignKey) (keyActions, bool) {
	if t := p.Table(k.table); t != nil {
		for _, c := range t.Constraints {
			if k.replaces(&c) {
				return keyActions{c.OnDelete, c.OnUpdate}, true
			}
		}
	}
	for e := range p.Relation(k.table).Until(p) {
		if !e.New {
			break
		}
		if e.Verb&facts.Dropped == 0 || e.Name.Kind != facts.Constraint {
			continue
		}
		if before, ok := droppedActions(p, e, k); ok {
			return before, true
		}
	}
	return keyActions{}, false
}

// droppedActions returns the actions of the constraint that an event drops, from
// the catalog as it was, else from the SQL that added it.
func droppedActions(p *lint.Pass, e lint.Event, k foreignKey) (keyActions, bool) {
	if effect := p.EffectOf(e.Statement); effect != nil {
		t := effect.Before.Find(k.table.GetSchemaname(), k.table.GetRelname())
		if c := t.Constraint(e.Name.Name); k.replaces(c) {
			return keyActions{c.OnDelete, c.OnUpdate}, true
		}
		return keyActions{}, false
	}
	made := e.Object.Made()
	if made == nil {
		return keyActions{}, false
	}
	old, is := made.Tree.(*facts.TableConstraint)
	if !is || !e.Object.References().Is(p.Relation(k.ref)) || !sameColumns(old.Columns, k.columns) {
		return keyActions{}, false
	}
	return keyActions{lint.KeyAction(old.FkDelAction), lint.KeyAction(old.FkUpdAction)}, true
}
