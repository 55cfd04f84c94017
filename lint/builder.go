package lint

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
)

// A builder walks forward through a history and keeps which object has which
// name.
type builder struct {
	timeline *timeline
	observed *Observed
	place    int32
	isNew    bool // the migrations are under review
	temps    []*Object
}

// maxMoves bounds how often names change with a schema or table in a history:
// thousands of indexes on a table that moves thousands of times. Objects that
// move behind it keep their old schema.
const maxMoves = 1_000_000

func (b *builder) migration(m *Migration) {
	for _, s := range m.Statements() {
		b.place++
		b.statement(s)
	}
	b.timeline.ends = append(b.timeline.ends, b.place+1)
}

// statement takes in what a statement does. One that a server refused did
// nothing.
func (b *builder) statement(s *Statement) {
	effect := b.observed.Effect(s)
	if effect != nil && effect.Err != nil && effect.Err.broken() {
		return
	}
	if s.Node == nil || s.Node.GetDoStmt() != nil {
		b.timeline.opaque = append(b.timeline.opaque, s)
	}
	found := false // what IF NOT EXISTS would make
	for i := range s.Facts() {
		f := &s.facts[i]
		if !f.Along {
			found = f.Maybe && f.Verb&facts.Made != 0 && b.isThere(f.Name)
		}
		if !f.Along || !found {
			b.fact(s, f)
		}
	}
	for _, f := range observedFacts(s, effect) {
		b.fact(s, &f)
	}
}

// isThere reports whether something has a name now.
func (b *builder) isThere(n facts.Name) bool { return n.Name != "" && b.current(b.scope(n)) != nil }

func (b *builder) fact(s *Statement, f *facts.Fact) {
	if f.Name.Name == "" {
		return
	}
	e := Event{Fact: f, Statement: s, New: b.isNew, place: b.place}
	switch {
	case f.Verb&facts.Made != 0:
		b.make(e)
	case f.Verb&facts.Dropped != 0:
		b.drop(e)
	case f.Verb&(facts.Renamed|facts.Moved) != 0:
		b.rename(e)
	default:
		b.happens(b.existing(f.Name), e)
	}
}

// make gives a new object its name, unless IF NOT EXISTS or OR REPLACE finds
// one. All functions of a name are one object.
func (b *builder) make(e Event) {
	s := b.scope(e.Name)
	old := b.current(s)
	if e.Derived && old != nil {
		named := *e.Fact
		named.Name.Name = derivedName(s.name, func(name string) bool { return b.current(scope{s.space, s.in, name}) != nil })
		e.Fact, s.name, old = &named, named.Name.Name, nil
	}
	if old != nil && (e.Maybe || e.Name.Kind.IsRoutine()) {
		b.happens(old, e)
		return
	}
	o := &Object{kind: e.Name.Kind, names: []calledSince{{b.place, b.schemaOf(s), s.name}}}
	if e.Name.Kind.IsPart() {
		o.of = s.in
	}
	b.belongs(o, e)
	e.Object = o
	o.made = &e
	b.bind(s, o, &e)
	b.happens(o, e)
	switch {
	case e.Name.Schema == temporarySchema:
		b.temps = append(b.temps, o)
	case o.kind == facts.Table:
		b.timeline.tables = append(b.timeline.tables, o)
	}
}

// belongs notes the table of an index, or of a column's sequence, and the one
// that a foreign key points at.
func (b *builder) belongs(o *Object, e Event) {
	switch {
	case e.To == nil:
		return
	case o.kind == facts.Constraint:
		o.references = b.existing(*e.To)
		o.references.referrers = append(o.references.referrers, o)
		return
	case o.kind != facts.Index && o.kind != facts.Sequence:
		return
	}
	table := *e.To
	if table.Kind.IsPart() {
		table = table.OfTable()
	}
	owner := b.existing(table)
	owner.moving = append(owner.moving, o)
	if o.kind == facts.Index {
		o.of = owner
	}
}

func (b *builder) drop(e Event) {
	o := b.existing(e.Name)
	e.Object = o
	b.happens(o, e)
	if o.kind.IsRoutine() {
		return // another of that name may stay
	}
	b.unbind(o, &e)
	if e.Cascades() {
		b.dropReferrers(o, e)
	}
	if o.kind == facts.Constraint {
		b.dropIndexOf(o, &e)
	}
	for _, index := range o.moving {
		if index.dropped == 0 {
			b.unbind(index, &e)
		}
	}
}

// dropReferrers drops the foreign keys that go with a table, or with the key that
// they point at.
func (b *builder) dropReferrers(o *Object, e Event) {
	table := o
	if o.kind == facts.Constraint {
		table = o.of
	}
	for _, key := range table.referrers {
		if key.dropped != 0 || key.isGone(b.place) || !pointsAt(key, o) {
			continue
		}
		gone := Event{Fact: &facts.Fact{Verb: facts.Dropped, Name: key.nameAt(b.place), Tree: e.Tree}, Statement: e.Statement, New: e.New, place: b.place}
		b.happens(key, gone)
		b.unbind(key, &gone)
	}
}

// pointsAt reports whether a foreign key points at a table, or at the columns of a
// key of it; without columns it is the primary key.
func pointsAt(foreign, o *Object) bool {
	if o.kind != facts.Constraint || o.made == nil || foreign.made == nil {
		return o.kind != facts.Constraint
	}
	key, _ := o.made.Tree.(*facts.TableConstraint)
	from, _ := foreign.made.Tree.(*facts.TableConstraint)
	if key == nil || from == nil {
		return false
	}
	columns := facts.Words(from.PkAttrs)
	return slices.Equal(columns, key.Columns) || len(columns) == 0 && key.Contype == pg.ConstrType_CONSTR_PRIMARY
}

// dropIndexOf drops the index that a constraint brought.
func (b *builder) dropIndexOf(constraint *Object, e *Event) {
	name := constraint.names[len(constraint.names)-1].name
	for _, index := range constraint.of.moving {
		if index.kind == facts.Index && index.dropped == 0 && index.names[len(index.names)-1].name == name {
			b.unbind(index, e)
		}
	}
}

// unbind takes an object out of the history.
func (b *builder) unbind(o *Object, e *Event) {
	o.dropped = b.place
	b.bind(b.scopeOf(o), nil, e)
}

// rename gives an object another name, or another schema, which its indexes and
// sequences follow it to.
func (b *builder) rename(e Event) {
	o := b.existing(e.Name)
	e.Object = o
	b.happens(o, e)
	if e.Name.Kind.IsRelation() || e.Name.Kind == facts.Type {
		b.timeline.renames = append(b.timeline.renames, e)
	}
	b.call(o, b.scope(*e.To), &e)
	if e.Verb&facts.Moved == 0 {
		return
	}
	for _, index := range o.moving {
		s := b.scopeOf(index)
		s.in = b.object(scope{space: facts.Schema, name: schemaName(e.To.Schema)})
		b.call(index, s, &e)
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

// happens notes an event of an object, and of the table it belongs to.
func (b *builder) happens(o *Object, e Event) {
	e.Object = o
	o.events = append(o.events, e)
	if kind := spaceOf(e.Name); kind == facts.Function || kind == facts.Trigger || kind == facts.Rule || kind == facts.Type {
		b.timeline.kinds[kind] = append(b.timeline.kinds[kind], e)
	}
	if o.of != nil {
		o.of.events = append(o.of.events, e)
	}
	if e.Verb&facts.Attached != 0 && e.To != nil && e.To.Kind.IsRelation() {
		parent := b.existing(*e.To)
		parent.events = append(parent.events, e)
	}
}

// existing returns the object that has a name, which is one from before the
// history when no statement made it.
func (b *builder) existing(n facts.Name) *Object {
	if n.Schema == "" && spaceOf(n) == relationSpace && len(b.temps) > 0 {
		n.Schema = temporarySchema
		if o := b.current(b.scope(n)); o != nil {
			return o
		}
		n.Schema = ""
	}
	o := b.object(b.scope(n))
	if o.made == nil && len(o.events) == 0 {
		o.kind = n.Kind
	}
	return o
}

// object returns what a scope holds now, made up when that is nothing.
func (b *builder) object(s scope) *Object {
	all := b.timeline.bindings[s]
	if len(all) > 0 && all[len(all)-1].object != nil {
		return all[len(all)-1].object
	}
	since := int32(0)
	if len(all) > 0 {
		since = b.place
	}
	o := &Object{kind: s.space, names: []calledSince{{since, b.schemaOf(s), s.name}}}
	if o.kind.IsPart() {
		o.of = s.in
	}
	b.timeline.bindings[s] = append(all, binding{place: since, object: o})
	return o
}

func (b *builder) current(s scope) *Object {
	all := b.timeline.bindings[s]
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1].object
}

func (b *builder) bind(s scope, o *Object, e *Event) {
	b.timeline.bindings[s] = append(b.timeline.bindings[s], binding{b.place, o, e})
}

// scope says where a name must be unique now.
func (b *builder) scope(n facts.Name) scope {
	switch {
	case n.Kind.IsPart():
		return scope{spaceOf(n), b.existing(n.OfTable()), n.Name}
	case isGlobal(n.Kind):
		return scope{space: n.Kind, name: n.Name}
	}
	return scope{spaceOf(n), b.object(scope{space: facts.Schema, name: schemaName(n.Schema)}), n.Name}
}

// scopeOf returns the scope in which an object has its name now.
func (b *builder) scopeOf(o *Object) scope {
	called := o.names[len(o.names)-1]
	s := scope{spaceOf(facts.Name{Kind: o.kind}), called.schema, called.name}
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

// endSessions drops the temporary relations of sessions that are over.
func (b *builder) endSessions() {
	for _, o := range slices.Backward(b.temps) {
		if o.dropped == 0 {
			b.unbind(o, nil)
		}
	}
	b.temps = nil
}
