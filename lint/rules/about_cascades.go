package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// A cascadeReach is where a DELETE leads through the foreign keys of a catalog.
type cascadeReach struct {
	schema *lint.Schema
	from   *lint.Table
	by     map[*lint.Table]*lint.Table // the table through which each was come to

	deleted   []*lint.Table    // tables whose rows go too, nearest first
	emptied   []lint.Reference // keys that SET NULL or SET DEFAULT
	refused   []lint.Reference // keys that forbid the DELETE while they have rows
	unindexed []lint.Reference // keys on the way without an index
	cycle     bool             // the way comes back to a table it has left
}

// reachOf follows CASCADE keys from a table. It enters each table once, so
// that no schema, however knotted, takes long. first, when set, is the only
// key followed from the table itself.
func reachOf(s *lint.Schema, from *lint.Table, first *lint.Constraint) *cascadeReach {
	r := &cascadeReach{schema: s, from: from, by: map[*lint.Table]*lint.Table{}}
	r.leave(from, first)
	for i := 0; i < len(r.deleted); i++ {
		if r.deleted[i] != from || first != nil {
			r.leave(r.deleted[i], nil)
		}
	}
	return r
}

func (r *cascadeReach) leave(t *lint.Table, only *lint.Constraint) {
	for _, ref := range r.schema.References(t) {
		if ref.Key.IsEnforced() && (only == nil || ref.Key == only) {
			r.step(t, ref)
		}
	}
}

func (r *cascadeReach) step(t *lint.Table, ref lint.Reference) {
	switch ref.Key.OnDelete {
	case lint.SetNull, lint.SetDefault:
		r.emptied = appendOnce(r.emptied, ref)
	case lint.CascadeTo:
		r.enter(t, ref.From)
	default:
		r.refused = appendOnce(r.refused, ref)
		return
	}
	if !isIndexed(ref.From, ref.Key.Columns) {
		r.unindexed = appendOnce(r.unindexed, ref)
	}
}

func appendOnce(refs []lint.Reference, ref lint.Reference) []lint.Reference {
	if slices.Contains(refs, ref) {
		return refs
	}
	return append(refs, ref)
}

func (r *cascadeReach) enter(t, next *lint.Table) {
	if next != t && slices.Contains(r.way(t), next) {
		r.cycle = true // to itself it is a tree, which is common
	}
	if slices.Contains(r.deleted, next) {
		return
	}
	r.deleted = append(r.deleted, next)
	if next != r.from {
		r.by[next] = t
	}
}

// way returns the tables from the first to t.
func (r *cascadeReach) way(t *lint.Table) []*lint.Table {
	way := []*lint.Table{t}
	for t != r.from && r.by[t] != nil {
		t = r.by[t]
		way = append(way, t)
	}
	slices.Reverse(way)
	return way
}

// longest returns the way to the table that is farthest off.
func (r *cascadeReach) longest() []*lint.Table {
	longest := []*lint.Table{r.from}
	for _, t := range r.deleted {
		if way := r.way(t); len(way) > len(longest) {
			longest = way
		}
	}
	return longest
}

// ownersOf returns the way from the farthest table whose rows take those of t
// with them, ending at t.
func ownersOf(s *lint.Schema, t *lint.Table) []*lint.Table {
	way := []*lint.Table{t}
	for next := cascadingOwner(s, t, way); next != nil; next = cascadingOwner(s, next, way) {
		way = append(way, next)
	}
	slices.Reverse(way)
	return way
}

// cascadingOwner returns a table, not yet on the way, from which a DELETE cascades to t.
func cascadingOwner(s *lint.Schema, t *lint.Table, way []*lint.Table) *lint.Table {
	for _, c := range t.Constraints {
		if c.Kind != lint.ForeignKey || c.OnDelete != lint.CascadeTo || !c.IsEnforced() {
			continue
		}
		i := slices.IndexFunc(s.Tables, func(o *lint.Table) bool { return o.QName() == c.RefTable })
		if i >= 0 && !slices.Contains(way, s.Tables[i]) {
			return s.Tables[i]
		}
	}
	return nil
}

// deletedThroughKeys names the tables that CASCADE keys lead to from a table.
func deletedThroughKeys(p *lint.Pass, table *pg.RangeVar) (names []string) {
	if p.Effect() == nil || p.Effect().Before.Find(table.Schemaname, table.Relname) == nil {
		return writtenReach(p, p.Relation(table))
	}
	from := p.Effect().Before.Find(table.Schemaname, table.Relname)
	for _, t := range reachOf(p.Effect().Before, from, nil).deleted {
		if t != from {
			names = append(names, unqualified(p, t.QName()))
		}
	}
	return names
}

// writtenReach returns the tables that CASCADE keys lead to from a table, as the history
// tells.
func writtenReach(p *lint.Pass, from *lint.Object) []string {
	reached := []*lint.Object{from}
	var names []string
	for i := 0; i < len(reached); i++ {
		for _, key := range reached[i].Referrers() {
			t := p.Folded(key.Table().Name(p).Relation())
			if c := t.Constraint(key.Name(p).Name); c == nil || c.OnDelete != lint.CascadeTo || !c.IsEnforced() || slices.Contains(reached, key.Table()) {
				continue
			}
			reached = append(reached, key.Table())
			names = append(names, unqualified(p, t.QName()))
		}
	}
	return names
}

// reachOfKey is what a DELETE reaches through a key that cascades, by the schema in the end;
// nil where that is not known.
func reachOfKey(p *lint.Pass, k foreignKey) (r *cascadeReach, gone bool) {
	schema, key, gone := storedKey(p, k)
	if gone || key == nil {
		return nil, gone
	}
	parent := schema.Table(key.RefTable)
	if parent == nil {
		return nil, true
	}
	r = reachOf(schema, parent, key)
	r.unindexed = slices.DeleteFunc(r.unindexed, func(ref lint.Reference) bool { return ref.Key == key || ref.From.New || addedKey(p, ref) })
	return r, false
}

// measure gives a finding the longest way of a DELETE, where there is more than what its
// message says: more than one step.
func (r *cascadeReach) measure(p *lint.Pass, f *lint.Finding) {
	if to, from := ownersOf(r.schema, r.from), r.longest(); len(to)+len(from) > 3 {
		p.Measured(f, "%s", chainEvidence(shortNames(p), to, from))
	}
}

// storedKey finds a key in the catalog as the review leaves it, else as the statement
// does; nil when the statement was not tried.
func storedKey(p *lint.Pass, k foreignKey) (s *lint.Schema, c *lint.Constraint, gone bool) {
	t, c, gone := finalKey(p, k)
	switch {
	case gone || !p.Tried():
		return nil, nil, gone
	case t == nil || t.Folded:
		return p.Effect().After, k.storedIn(p.CatalogAfter(k.table)), false
	}
	return p.FinalSchema(), c, false
}

// addedKey tells whether the review adds a key: foreign-key-unindexed then tells
// of its index.
func addedKey(p *lint.Pass, ref lint.Reference) bool {
	from := &pg.RangeVar{Schemaname: ref.From.Schema, Relname: ref.From.Name}
	for e := range p.Relation(from).Reviewed(p) {
		if c := constraintMade(e); c.kind == lint.ForeignKey && sameColumns(c.columns, ref.Key.Columns) {
			return true
		}
	}
	return false
}

// further says what happens behind the first table.
func (r *cascadeReach) further(short func(string) string) string {
	var text strings.Builder
	if len(r.deleted) > 1 {
		text.WriteString(" and from there in " + listed(tableNames(short, r.deleted[1:])))
	}
	if len(r.emptied) > 0 {
		text.WriteString(", empties " + listed(keyNames(short, r.emptied)))
	}
	if len(r.refused) > 0 {
		text.WriteString(", unless rows refuse it by " + listed(keyNames(short, r.refused)))
	}
	if r.cycle {
		text.WriteString("; the keys form a circle, so it can go on from row to row")
	}
	if len(r.unindexed) > 0 {
		text.WriteString("; without an index on " + listed(keyNames(short, r.unindexed)) + " the table is read in full for every deleted row")
	}
	return text.String()
}

func tableNames(short func(string) string, tables []*lint.Table) []string {
	var names []string
	for _, t := range tables {
		names = append(names, short(t.QName()))
	}
	return names
}

func keyNames(short func(string) string, refs []lint.Reference) []string {
	var names []string
	for _, ref := range refs {
		names = append(names, columnsOf(short(ref.From.QName()), ref.Key.Columns))
	}
	return names
}

// chainEvidence tells the longest way that leads through the key.
func chainEvidence(short func(string) string, to, from []*lint.Table) string {
	way := append(tableNames(short, to), tableNames(short, from[1:])...)
	return "one DELETE in " + way[0] + " goes " + strings.Join(way, " → ")
}
