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
	for _, g := range b.droppers(was, now) {
		names = append(names, g.Name)
	}
	return names
}

func (b *Break) droppers(was, now *Catalog) (found []Trigger) {
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
			found = append(found, g)
		}
	}
	return found
}

// isMeant reports whether all triggers that can have kept the rows from being written do so as
// they should: some rows only, and which our rows are nobody knows, or all for another place.
func (b *Break) isMeant(was, now *Catalog) bool {
	found := b.droppers(was, now)
	return len(found) > 0 && !slices.ContainsFunc(found, func(g Trigger) bool {
		return !isFilter(comment.ReplaceAllString(now.function(g.Function).Source, " "), b.Kind)
	})
}

// isFilter tells a body that returns NULL for some rows only, that puts rows into another
// table as they are, or that marks a row in place of its DELETE.
func isFilter(body string, kind Kind) bool {
	return returnsNull.MatchString(body) && (returnsRow.MatchString(body) || movesRow.MatchString(body) || kind == Delete && changesRow.MatchString(body))
}

var (
	comment     = lazyregexp.New(`--[^\n]*|(?s:/\*.*?\*/)`)
	returnsNull = lazyregexp.New(`(?i)\breturn\s+null\b`)
	returnsRow  = lazyregexp.New(`(?i)\breturn\s+(?:new|old)\b`)
	movesRow    = lazyregexp.New(`(?is)\binsert\s+into\b.*\bnew\s*\.\s*\*`)
	changesRow  = lazyregexp.New(`(?i)\bupdate\s+\w`)
)

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
