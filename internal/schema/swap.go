package schema

import (
	"slices"
	"strings"
)

// A Swap is a table that has the name which another one had before.
type Swap struct {
	Was, Now *Object
	Left     *Object   // the other one as it is after; nil when it was dropped
	Lost     []Part    // what the other one had and this one has not, whatever it is called
	Stays    []*Object // what has meant the other one and does so still
	Unfilled []string  // columns that cannot be NULL, and of which only the other one fills in the value
}

// A Part is something that a table has: {"default", "created_at"}, {"row security", ""}.
type Part struct{ What, Of string }

// Swaps returns the tables that others have taken the names of. Both schemas must have been
// read from one and the same database.
func Swaps(before, after *Schema) []Swap {
	var found []Swap
	for i := range before.Objects {
		was := &before.Objects[i]
		if was.Kind != Table {
			continue
		}
		now := after.Find(Table, was.Schema, "", was.Name)
		if now == nil || now.id == was.id {
			continue
		}
		s := Swap{Was: was, Now: now, Left: after.identical(was)}
		s.compare(before, after)
		if len(s.Lost)+len(s.Stays) > 0 {
			found = append(found, s)
		}
	}
	return found
}

// identical returns the object that has the identity of another one.
func (s *Schema) identical(o *Object) *Object {
	for i := range s.Objects {
		if other := &s.Objects[i]; other.Kind == o.Kind && other.id == o.id && o.id != "" {
			return other
		}
	}
	return nil
}

// partsOf returns what belongs to a table, in the order in which it is told.
func (s *Schema) partsOf(table *Object) []*Object {
	var parts []*Object
	for i := range s.Objects {
		if o := &s.Objects[i]; o.Relation == table.Name && o.Schema == table.Schema {
			parts = append(parts, o)
		}
	}
	return parts
}

func (s *Swap) compare(before, after *Schema) {
	had, has := before.partsOf(s.Was), after.partsOf(s.Now)
	var gone []string
	for _, o := range had {
		if o.Kind == Column && after.Find(Column, o.Schema, o.Relation, o.Name) == nil {
			gone = append(gone, o.Name)
		}
	}
	keyed := s.lostKey(had, has)
	for _, o := range had {
		switch {
		case o.Inherited:
		case o.Kind == Column:
			s.compareColumn(o, after.Find(Column, o.Schema, o.Relation, o.Name), slices.Contains(keyed, o.Name))
		case o.Kind == Grant:
			s.compareGrant(o, after.Find(Grant, o.Schema, o.Relation, o.Name))
		case !isOver(o, gone) && !isMadeAgain(o, has):
			s.lose(string(o.Kind), o.Name)
		}
	}
	s.compareTable()
	s.comparePublications(before, after)
	if s.Left != nil {
		s.Stays = slices.DeleteFunc(staysWith(s.Was, s.Left, before, after), func(o *Object) bool { return o.Kind == Sequence && !drawsFrom(has, o) })
	}
}

func (s *Swap) lose(what, of string) { s.Lost = append(s.Lost, Part{what, of}) }

// lostKey returns the columns of a primary key that is lost, whose NOT NULL goes with it.
func (s *Swap) lostKey(had, has []*Object) []string {
	for _, o := range had {
		if o.Kind == PrimaryKey && !isMadeAgain(o, has) {
			return o.Columns
		}
	}
	return nil
}

// fillings are the properties of columns that give a value to rows without one.
var fillings = []string{"default", "identity", "generated"}

func fillingOf(column *Object) string {
	for _, name := range fillings {
		if column.Property(name) != "" {
			return name
		}
	}
	return ""
}

func (s *Swap) compareColumn(was, now *Object, keyed bool) {
	if now == nil {
		s.lose(string(Column), was.Name)
		return
	}
	filling := fillingOf(was)
	if filling != "" && fillingOf(now) == "" {
		s.lose(filling, was.Name)
		if now.Property("not null") != "" && filling != "generated" {
			s.Unfilled = append(s.Unfilled, was.Name)
		}
	}
	if was.Property("not null") != "" && now.Property("not null") == "" && !keyed {
		s.lose("not null", was.Name)
	}
	if was.Property("comment") != "" && now.Property("comment") == "" {
		s.lose("comment", was.Name)
	}
}

// compareGrant is about what a role had, of which a new grant may lack a part.
func (s *Swap) compareGrant(was, now *Object) {
	if unquoted(was.Name) == "to "+s.Now.Property("owner") {
		return
	}
	privileges := strings.Split(was.Property("privileges"), ", ")
	var kept []string
	if now != nil {
		kept = strings.Split(now.Property("privileges"), ", ")
	}
	lost := slices.DeleteFunc(slices.Clone(privileges), func(p string) bool { return p == "none" || slices.Contains(kept, p) })
	switch {
	case len(lost) == len(privileges):
		s.lose(string(Grant), was.Name)
	case len(lost) > 0:
		s.lose(string(Grant), "of "+strings.Join(lost, ", ")+" "+was.Name)
	}
}

func (s *Swap) compareTable() {
	for _, name := range []string{"row security", "row security for the owner", "replica identity", "partition of", "inherits", "options", "comment"} {
		if was := s.Was.Property(name); was != "" && s.Now.Property(name) == "" {
			s.lose(name, "")
		}
	}
	if was := s.Was.Property("owner"); was != s.Now.Property("owner") {
		s.lose("owner", was)
	}
}

func (s *Swap) comparePublications(before, after *Schema) {
	for i := range before.Objects {
		was := &before.Objects[i]
		if was.Kind != Publication || !publishes(was, s.Was) {
			continue
		}
		if now := after.identical(was); now != nil && !publishes(now, s.Now) {
			s.lose(string(Publication), was.Name)
		}
	}
}

func publishes(publication, table *Object) bool {
	tables := publication.Property("tables")
	return tables == "all" || hasName(tables, table)
}
