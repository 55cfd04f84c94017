package rules

import (
	"iter"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// A removal is one object that a statement drops by itself, not through
// CASCADE and not with its parent.
type removal struct {
	facts.Name
	location int32
	seen     *lint.CatalogObject // what the server saw go; nil when it was not tried
}

// removals returns the objects of some kinds that a statement drops. What the
// server saw wins: an IF EXISTS that met nothing drops nothing, and a DO block
// drops what its text does not tell. Without a server, the history's word counts.
func removals(p *lint.Pass, kinds ...facts.Kind) []removal {
	var written []removal
	for _, r := range writtenRemovals(p.Statement) {
		if slices.Contains(kinds, r.Kind) {
			written = append(written, r)
		}
	}
	if !p.Tried() || p.Effect().Incomplete != "" {
		return slices.DeleteFunc(written, func(r removal) bool { return knowledgeOf(p, r) == isNotThere })
	}
	if isExtensionScript(p.Node()) {
		return nil
	}
	var seen []removal
	for i := range p.Effect().Dropped {
		o := &p.Effect().Dropped[i]
		if !o.Auto && !o.Cascade && slices.Contains(kinds, facts.Kind(o.Kind)) {
			seen = append(seen, asWritten(p, o, written))
		}
	}
	return slices.DeleteFunc(seen, func(r removal) bool { return isInherited(p, r, seen, written) })
}

// isInherited tells whether r is a partition's or child table's copy of a
// column or constraint that goes as well: PostgreSQL reports all of them as
// dropped by the statement itself.
func isInherited(p *lint.Pass, r removal, seen, written []removal) bool {
	if !r.Kind.IsPart() {
		return false
	}
	if slices.ContainsFunc(written, func(w removal) bool { return w.seen == r.seen }) {
		return false
	}
	namesake := func(other removal) bool { return other.Name.Name == r.Name.Name && other.seen != r.seen }
	if slices.ContainsFunc(written, namesake) {
		return true
	}
	t := p.Catalog(r.Relation())
	return t != nil && t.Partition && slices.ContainsFunc(seen, namesake)
}

// isExtensionScript tells whether the statement runs an extension's own SQL.
func isExtensionScript(n *pg.Node) bool {
	return n.GetCreateExtensionStmt() != nil || n.GetAlterExtensionStmt() != nil
}

// asWritten finds an object that went among those the text names, each of
// which stands for one: functions of one name differ in their arguments.
func asWritten(p *lint.Pass, o *lint.CatalogObject, written []removal) removal {
	name := facts.Identity(facts.Kind(o.Kind), o.Name)
	for i := range written {
		if r := &written[i]; r.seen == nil && p.Same(r.Name, name) {
			r.Kind, r.seen = facts.Kind(o.Kind), o
			return *r
		}
	}
	if name.Schema == p.HomeSchema() {
		name.Schema = "" // as people write it, and as it is found
	}
	return removal{Name: name, seen: o}
}

// writtenRemovals returns what the text of a statement drops, and where. Nobody may
// change it.
func writtenRemovals(s *lint.Statement) []removal { return lint.Derived(s, readRemovals) }

func readRemovals(s *lint.Statement) []removal {
	names := droppedNames(s)
	if len(names) == 0 {
		return nil
	}
	out := make([]removal, len(names))
	starts := dropStarts(s)
	for i, name := range names {
		out[i].Name = name
		if i < len(starts) {
			out[i].location = starts[i]
		}
	}
	return out
}

// droppedNames returns what the text of a statement drops, in the order in
// which it is written.
func droppedNames(s *lint.Statement) []facts.Name {
	var names []facts.Name
	for _, f := range s.Facts() {
		if f.Verb&facts.Dropped != 0 && f.Name.Name != "" {
			names = append(names, f.Name)
		}
	}
	return names
}

// droppedParts are the actions of ALTER TABLE that drop an object.
var droppedParts = map[pg.AlterTableType]facts.Kind{
	pg.AlterTableType_AT_DropColumn:     "table column",
	pg.AlterTableType_AT_DropConstraint: "table constraint",
}

// dropStarts finds where the names of droppedNames stand.
func dropStarts(s *lint.Statement) []int32 {
	if s.Node.GetDropStmt() != nil {
		return objectStarts(s)
	}
	var starts []int32
	for _, c := range alterCommands(s) {
		if droppedParts[c.Subtype] != "" {
			starts = append(starts, c.location)
		}
	}
	return starts
}

// objectStarts finds where the objects of a DROP stand: the first with the
// statement, the others behind a comma outside brackets.
func objectStarts(s *lint.Statement) []int32 {
	starts := []int32{0}
	if len(s.Node.GetDropStmt().GetObjects()) == 1 {
		return starts
	}
	depth, next := 0, false
	for _, t := range s.Tokens() {
		switch t.Token {
		case pg.Token_ASCII_40:
			depth++
		case pg.Token_ASCII_41:
			depth--
		}
		if next {
			starts = append(starts, t.Start)
		}
		next = depth == 0 && t.Token == pg.Token_ASCII_44
	}
	return starts
}

// dropsKind tells whether one of the events drops an object of a kind.
func dropsKind(events iter.Seq[lint.Event], kind facts.Kind) bool {
	for e := range events {
		if e.Verb&facts.Dropped != 0 && e.Name.Kind == kind {
			return true
		}
	}
	return false
}

// isDropped tells whether the review drops what has a name after the statement.
func isDropped(p *lint.Pass, name facts.Name) bool {
	for e := range p.ObjectAfter(name).Reviewed(p) {
		if e.Verb&facts.Dropped != 0 {
			return true
		}
	}
	return false
}
