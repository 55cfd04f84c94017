package lint

import (
	"slices"

	"github.com/migvet/migvet/lint/facts"
)

// A constraintName is one in a schema: PostgreSQL chooses none that is taken there.
type constraintName struct {
	schema *Object
	name   string
}

// maxMoves bounds how often names change in a history beyond once a statement:
// thousands of indexes on a table that moves thousands of times. Objects keep the
// names and schemas that they have then.
const maxMoves = 1_000_000

// maxDerived ends the search for a name that is not taken: a hostile history
// could take them all.
const maxDerived = 100

// derivedName is the name that PostgreSQL chooses for a new object.
func (b *builder) derivedName(o *Object, f *facts.Fact, s scope) string {
	if o.twin != nil {
		return o.twin.now().name
	}
	for number := range maxDerived {
		s.name = f.DerivedName(number)
		if !b.isTaken(o, f, s) {
			break
		}
	}
	return s.name
}

// isTaken reports whether PostgreSQL looks for another name: what pg_class holds must
// not have the name of another relation, constraints and their indexes not that of
// a constraint of the schema.
func (b *builder) isTaken(o *Object, f *facts.Fact, s scope) bool {
	schema := s.in
	if o.kind == facts.Constraint {
		schema = o.of.now().schema
	} else if b.current(s) != nil {
		return true
	}
	_, isConstraint := f.Tree.(*facts.TableConstraint)
	return isConstraint && b.hasConstraint(schema, s.name)
}

func (b *builder) hasConstraint(schema *Object, name string) bool {
	key := constraintName{schema, name}
	all := b.constraints[key]
	for len(all) > 0 && (all[0].isGone(b.place) || all[0].now().name != name || all[0].of.now().schema != schema) {
		all = all[1:]
	}
	b.constraints[key] = all
	return len(all) > 0
}

// rename gives an object another name, which a constraint and its index share, or
// another schema, which its indexes and sequences follow it to.
func (b *builder) rename(e Event) {
	o := b.existing(e.Name)
	e.Object = o
	b.happens(o, e)
	if o.kind.IsRelation() || o.kind == facts.Type {
		b.timeline.renames = append(b.timeline.renames, e)
	}
	s := b.scopeOf(o)
	s.name = e.To.Name
	if e.Verb&facts.Moved != 0 {
		s.in = b.object(scope{space: facts.Schema, name: schemaName(e.To.Schema)})
	}
	b.call(o, s, &e)
	if o.twin != nil && !o.twin.isGone(b.place) {
		b.renameTwin(o.twin, e)
	}
	if e.Verb&facts.Moved != 0 {
		b.moveAlong(o, s.in, &e)
	}
}

func (b *builder) renameTwin(o *Object, e Event) {
	old := o.nameAt(b.place)
	to := old
	to.Name = e.To.Name
	e.Object, e.Fact = o, &facts.Fact{Verb: facts.Renamed, Name: old, To: &to, Tree: e.Tree}
	b.happens(o, e)
	s := b.scopeOf(o)
	s.name = to.Name
	b.call(o, s, &e)
}

// moveAlong moves the indexes and sequences of a table that are still there.
func (b *builder) moveAlong(o, schema *Object, e *Event) {
	o.moving = slices.DeleteFunc(o.moving, func(other *Object) bool { return other.dropped != 0 })
	for _, other := range o.moving {
		if b.timeline.moves > maxMoves {
			return
		}
		s := b.scopeOf(other)
		s.in = schema
		b.call(other, s, e)
	}
}

func (b *builder) call(o *Object, s scope, e *Event) {
	if b.timeline.moves++; b.timeline.moves > maxMoves {
		return
	}
	if old := b.scopeOf(o); b.current(old) == o {
		b.bind(old, nil, e)
	}
	o.names = append(o.names, calledSince{b.place, b.schemaOf(s), s.name})
	b.bind(s, o, e)
}

func (b *builder) current(s scope) *Object {
	all := b.timeline.bindings[s]
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1].object
}

func (b *builder) bind(s scope, o *Object, e *Event) {
	if s.space == facts.Constraint && o != nil {
		key := constraintName{o.of.now().schema, s.name}
		b.constraints[key] = append(b.constraints[key], o)
	}
	b.timeline.bindings[s] = append(b.timeline.bindings[s], binding{b.place, o, e})
}

// scope says where a name must be unique now.
func (b *builder) scope(n facts.Name) scope {
	b.timeline.hasTemporary = b.timeline.hasTemporary || n.Schema == facts.TemporarySchema
	switch {
	case n.Kind.IsPart():
		return scope{n.Kind.Space(), b.existing(n.OfTable()), n.Name}
	case isGlobal(n.Kind):
		return scope{space: n.Kind, name: n.Name}
	}
	if n.Schema == "" {
		n.Schema = b.timeline.schemaIn(n, b.session.path, b.place)
	}
	return scope{n.Kind.Space(), b.object(scope{space: facts.Schema, name: n.Schema}), n.Name}
}

// scopeOf returns the scope in which an object has its name now.
func (b *builder) scopeOf(o *Object) scope {
	s := scope{o.kind.Space(), o.now().schema, o.now().name}
	if o.kind.IsPart() {
		s.in = o.of
	}
	return s
}

// schemaOf returns the schema of a scope; nil for parts of tables and what is in
// none.
func (b *builder) schemaOf(s scope) *Object {
	if s.in != nil && s.in.kind == facts.Schema {
		return s.in
	}
	return nil
}
