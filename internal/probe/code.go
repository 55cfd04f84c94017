package probe

import (
	"slices"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/session"
)

// Code are the functions that ran when a probe was refused, the innermost first.
func (b *Break) Code() []string { return session.Running(b.Err) }

// Droppers are the triggers of a table that can have kept its rows from being written, and
// that were not there, or had another function, in front of the migrations.
func (b *Break) Droppers(was, now *Catalog) (names []string) {
	t := now.follow(b.Table)
	if t == nil {
		return nil
	}
	for _, g := range t.Triggers {
		f := now.function(g.Function)
		if !g.KeepsRows || f == nil {
			continue
		}
		if old := was.followFunction(f); old == nil || old.Source != f.Source || !b.Table.fires(g.Name) {
			names = append(names, g.Name)
		}
	}
	return names
}

func (t *Table) fires(trigger string) bool {
	return slices.ContainsFunc(t.Triggers, func(g Trigger) bool { return g.Name == trigger })
}

// CallingPolicies are the policies of the table that use the function that may not be called.
func (b *Break) CallingPolicies(now *Catalog) (names []string) {
	m := noFunction.FindStringSubmatch(b.Err.Message)
	if m == nil || b.Table == nil {
		return nil
	}
	t := now.follow(b.Table)
	if t == nil {
		return nil
	}
	for _, p := range t.Policies {
		if slices.ContainsFunc(p.Uses, func(oid uint32) bool { f := now.function(oid); return f != nil && f.Name == m[1] }) {
			names = append(names, p.Name)
		}
	}
	return names
}

var noFunction = lazyregexp.New(`^permission denied for function (.+)$`)
