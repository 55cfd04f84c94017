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
	isNew    bool      // the migrations are under review
	temps    []*Object // temporary relations of the session
	index    *Object   // that was made last: a constraint is made behind its own

	constraints map[constraintName][]*Object // that have the name, or had it
	compared    int                          // foreign keys with a key that is dropped
}

// A constraintName is one in a schema: PostgreSQL chooses none that is taken there.
type constraintName struct {
	schema *Object
	name   string
}

// maxMoves bounds how often names change in a history beyond once a statement:
// thousands of indexes on a table that moves thousands of times. Objects keep the
// names and schemas that they have then.
const maxMoves = 1_000_000

// maxCompared bounds how often foreign keys are held against a key that is dropped:
// thousands of both. Foreign keys stay behind it.
const maxCompared = 1_000_000

// maxDerived ends the search for a name that is not taken: a hostile history
// could take them all.
const maxDerived = 100

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
		b.drop(b.existing(f.Name), e)
	case f.Verb&(facts.Renamed|facts.Moved) != 0:
		b.rename(e)
	default:
		o := b.existing(f.Name)
		b.happens(o, e)
		if f.Name.Kind == facts.Sequence && f.Verb&(facts.Attached|facts.Detached) != 0 {
			b.own(o, f.To)
		}
	}
}

// make gives a new object its name, unless IF NOT EXISTS or OR REPLACE finds
// one. All functions of a name are one object.
func (b *builder) make(e Event) {
	o := &Object{kind: e.Name.Kind}
	s := b.belongs(o, e)
	if e.Derived {
		named := *e.Fact
		named.Name.Name = b.derivedName(o, e.Fact, s)
		e.Fact, s.name = &named, named.Name.Name
	} else if old := b.current(s); old != nil && (e.Maybe || o.kind.IsRoutine()) {
		b.happens(old, e)
		return
	}
	e.Object, o.made = o, &e
	if written := b.current(s); written != nil && written.made == nil { // an earlier part of ALTER TABLE names it
		o.over = written.over
	}
	o.names = []calledSince{{b.place, b.schemaOf(s), s.name}}
	b.bind(s, o, &e)
	b.happens(o, e)
	b.depends(o, e)
	switch {
	case b.isTemporary(o):
		b.temps = append(b.temps, o)
	case o.kind == facts.Table:
		b.timeline.tables = append(b.timeline.tables, o)
	}
}

// belongs notes what a new object is part of, and returns where its name must be
// unique. An index is in the schema of its table, whatever the statement says, and
// so is the sequence of a serial column.
func (b *builder) belongs(o *Object, e Event) scope {
	s := b.scope(e.Name)
	switch {
	case o.kind.IsPart():
		o.of = s.in
		if tree, is := e.Tree.(*facts.TableConstraint); is {
			o.twin = b.indexOf(o, e.Name.Name, tree)
		}
	case o.kind == facts.Index && e.To != nil:
		o.of = b.existing(*e.To)
		s.in = o.of.now().schema
	case o.kind == facts.Sequence && e.Derived:
		s.in = b.existing(e.To.OfTable()).now().schema
	}
	return s
}

// indexOf returns the index that a new constraint makes, or takes over; nil for none.
func (b *builder) indexOf(constraint *Object, name string, tree *facts.TableConstraint) *Object {
	switch {
	case tree.Indexname != "":
		return b.current(scope{facts.Table, constraint.of.now().schema, name})
	case b.index != nil && b.index.made.Tree == tree:
		return b.index
	}
	return nil
}

// depends notes with which other objects a new one moves, changes its name or goes.
func (b *builder) depends(o *Object, e Event) {
	switch {
	case o.kind == facts.Index && o.of != nil:
		b.index = o
		o.of.moving = append(o.of.moving, o)
	case o.kind == facts.Sequence:
		b.own(o, e.To)
	case o.kind == facts.Constraint:
		b.constrain(o, e)
	}
	switch tree := e.Tree.(type) {
	case *pg.IndexStmt:
		b.over(o, facts.IndexedColumns(tree))
	case *facts.TableConstraint:
		b.over(o, facts.ConstrainedColumns(tree))
	}
}

// constrain notes the index of a constraint, the columns of a key, and the table that
// a foreign key points at.
func (b *builder) constrain(o *Object, e Event) {
	tree, _ := e.Tree.(*facts.TableConstraint)
	switch {
	case tree == nil:
	case e.To != nil:
		o.references = b.existing(*e.To)
		o.references.referrers = append(o.references.referrers, o)
		o.columns = b.columnsOf(o.references, facts.Words(tree.PkAttrs))
	case o.twin != nil:
		o.twin.twin = o
		o.columns = b.columnsOf(o.of, tree.Columns)
		if index, is := o.twin.madeBy().(*pg.IndexStmt); is { // USING INDEX
			o.columns = b.columnsOf(o.of, facts.IndexedColumns(index))
		}
	}
}

func (b *builder) columnsOf(table *Object, names []string) []*Object {
	var columns []*Object
	for _, name := range names {
		if name != "" { // an expression
			columns = append(columns, b.object(scope{facts.Column, table, name}))
		}
	}
	return columns
}

// over notes the columns that an index or a constraint goes with.
func (b *builder) over(o *Object, columns []string) {
	for _, column := range b.columnsOf(o.of, columns) {
		column.over = append(column.over, o)
	}
}

// own notes the column that a sequence goes with from now on; nil for none.
func (b *builder) own(sequence *Object, column *facts.Name) {
	if old := sequence.owner; old != nil {
		is := func(o *Object) bool { return o == sequence }
		old.over, old.of.moving = slices.DeleteFunc(old.over, is), slices.DeleteFunc(old.of.moving, is)
	}
	sequence.owner = nil
	if column != nil {
		owner := b.existing(*column)
		owner.over, owner.of.moving = append(owner.over, sequence), append(owner.of.moving, sequence)
		sequence.owner = owner
	}
}

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

// drop takes an object out of the history with all that goes along. Of functions
// another of the name may stay.
func (b *builder) drop(o *Object, e Event) {
	e.Object = o
	b.happens(o, e)
	if o.kind.IsRoutine() {
		return
	}
	b.unbind(o, &e)
	if e.Cascades() {
		b.dropReferrers(o, e)
	}
	if o.twin != nil {
		b.dropAlong(o.twin, e)
	}
	for _, other := range o.over {
		b.dropAlong(other, e)
	}
	for _, other := range o.moving {
		if other.dropped == 0 {
			b.unbind(other, &e)
		}
	}
}

// dropAlong drops what goes with the object of an event.
func (b *builder) dropAlong(o *Object, e Event) {
	if o.isGone(b.place) {
		return
	}
	e.Fact = &facts.Fact{Verb: facts.Dropped, Name: o.nameAt(b.place), Tree: e.Tree}
	b.drop(o, e)
}

// dropReferrers drops the foreign keys that go with a table, or with the key that
// they point at.
func (b *builder) dropReferrers(o *Object, e Event) {
	table := o
	if o.kind == facts.Constraint {
		table = o.of
	}
	table.referrers = slices.DeleteFunc(table.referrers, func(key *Object) bool { return key.isGone(b.place) })
	if b.compared += len(table.referrers); b.compared > maxCompared {
		return
	}
	for _, key := range table.referrers {
		if pointsAt(key, o) {
			b.dropAlong(key, e)
		}
	}
}

// pointsAt reports whether a foreign key points at a table, or at the columns of a
// key of it, in whatever order; without columns it is the primary key.
func pointsAt(foreign, o *Object) bool {
	if o.kind != facts.Constraint {
		return true
	}
	if len(foreign.columns) == 0 {
		key, is := o.madeBy().(*facts.TableConstraint)
		return is && key.Contype == pg.ConstrType_CONSTR_PRIMARY
	}
	return len(foreign.columns) == len(o.columns) &&
		!slices.ContainsFunc(o.columns, func(c *Object) bool { return !slices.Contains(foreign.columns, c) })
}

// unbind takes an object out of the history.
func (b *builder) unbind(o *Object, e *Event) {
	o.dropped = b.place
	b.bind(b.scopeOf(o), nil, e)
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

// happens notes an event of an object, and of the table it belongs to.
func (b *builder) happens(o *Object, e Event) {
	e.Object = o
	o.events = append(o.events, e)
	if kind := e.Name.Kind.Space(); kind == facts.Function || kind == facts.Trigger || kind == facts.Rule || kind == facts.Type {
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
	if n.Schema == "" && n.Kind.Space() == facts.Table && len(b.temps) > 0 {
		n.Schema = facts.TemporarySchema
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
	return scope{n.Kind.Space(), b.object(scope{space: facts.Schema, name: schemaName(n.Schema)}), n.Name}
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

// isTemporary reports whether a relation goes with its session.
func (b *builder) isTemporary(o *Object) bool {
	schema := o.now().schema
	return schema != nil && schema.now().name == facts.TemporarySchema
}

// endSession drops the temporary relations of a session that is over.
func (b *builder) endSession() {
	for _, o := range slices.Backward(b.temps) {
		if o.dropped == 0 {
			b.unbind(o, nil)
		}
	}
	b.temps = nil
}
