package rules

import (
	"slices"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// keyActions are what a foreign key does on DELETE and UPDATE.
type keyActions struct{ onDelete, onUpdate lint.Action }

// isRefusal tells whether an action keeps what is referenced.
func isRefusal(a lint.Action) bool { return a == lint.NoAction || a == lint.Restrict }

// formerActions finds the key that was on the same columns: it is still there,
// or the review dropped it before.
func formerActions(p *lint.Pass, k foreignKey) (keyActions, bool) {
	if p.IsNew(k.table) || slices.ContainsFunc(k.columns, func(name string) bool { return columnIsNew(p, k.table, name) }) {
		return keyActions{}, false // no deployed code has met the key
	}
	if t := p.Table(k.table); t != nil {
		for _, c := range t.Constraints {
			if k.replaces(&c) && !isMadeHere(p.Object(facts.PartOf(facts.Constraint, k.table, c.Name))) {
				return keyActions{c.OnDelete, c.OnUpdate}, true
			}
		}
	}
	for e := range p.Relation(k.table).Until(p) {
		if !e.New {
			break
		}
		if e.Verb&facts.Dropped == 0 || e.Name.Kind != facts.Constraint || isMadeHere(e.Object) {
			continue
		}
		if before, ok := droppedActions(p, e, k); ok {
			return before, true
		}
	}
	return keyActions{}, false
}

// isMadeHere tells whether the review made an object.
func isMadeHere(o *lint.Object) bool {
	made := o.Made()
	return made != nil && made.New
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
