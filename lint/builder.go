package lint

import (
	"slices"
	"strings"

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

	session  sessionPath
	outlasts bool // what a migration sets is there for the next one
}

func (b *builder) migration(m *Migration) {
	if !b.outlasts {
		b.session.restart()
	}
	for _, s := range m.Statements() {
		b.place++
		b.notePath(b.observed.Effect(s))
		b.statement(s)
		if b.session.set(s); !slices.Equal(b.timeline.pathAt(b.place+1), b.session.path) {
			b.timeline.paths = append(b.timeline.paths, pathSince{b.place + 1, b.session.path})
		}
		if !b.isNew {
			b.session.configure(s)
		}
	}
	b.session.endTransaction()
	b.timeline.ends = append(b.timeline.ends, b.place+1)
}

// notePath notes the search path of the statement that comes; what a server has seen of
// it wins.
func (b *builder) notePath(effect *Effect) {
	if effect != nil && effect.Before != nil {
		b.session.path = newSearchPath(effect.Before.SearchPath)
	}
	if t := b.timeline; !slices.Equal(t.pathAt(b.place), b.session.path) {
		t.paths = append(t.paths, pathSince{b.place, b.session.path})
	}
}

// statement takes in what a statement does. One that a server refused did nothing, but
// what a syntax error kept it from making is new in all that is said behind it.
func (b *builder) statement(s *Statement) {
	effect := b.observed.Effect(s)
	if effect != nil && effect.Err != nil && effect.Err.broken() {
		if effect.Err.SQLState == syntaxError {
			b.facts(s, unparsedFacts(s))
		}
		return
	}
	if s.Node == nil || s.Node.GetDoStmt() != nil {
		b.timeline.opaque = append(b.timeline.opaque, s)
	}
	b.facts(s, s.Facts())
	b.facts(s, wrapped(s, effect))
	if effect == nil {
		b.facts(s, unparsedFacts(s))
	}
	for _, f := range observedFacts(s, effect) {
		b.fact(s, &f)
	}
}

func (b *builder) facts(s *Statement, read []facts.Fact) {
	found := false // what IF NOT EXISTS would make
	for i := range read {
		f := &read[i]
		if !f.Along {
			found = f.Maybe && f.Verb&facts.Made != 0 && b.isThere(f.Name)
		}
		if !f.Along || !found {
			b.fact(s, f)
		}
	}
}

// isThere reports whether something has a name now.
func (b *builder) isThere(n facts.Name) bool {
	return n.Name != "" && b.current(b.scope(b.made(n))) != nil
}

// made gives the name of what is made the schema in which that happens, when the
// statement says none.
func (b *builder) made(n facts.Name) facts.Name {
	if n.Schema == "" && !n.Kind.IsPart() && !isGlobal(n.Kind) {
		n.Schema = b.session.path.home()
	}
	return n
}

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
	e.Object, o.made, o.alone = o, &e, e.Maybe && b.findsNone(o, e)
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

// findsNone reports whether IF NOT EXISTS found no column or index of the name: a server had
// none, or, where nobody asked one, the table was made with other columns, and none was
// added with that name since.
func (b *builder) findsNone(o *Object, e Event) bool {
	if o.kind == facts.Index {
		return b.makesIndex(o, e)
	}
	if o.kind != facts.Column {
		return false
	}
	if effect := b.observed.Effect(e.Statement); effect != nil && effect.Err == nil {
		table := effect.Before.Find(e.Name.Schema, e.Name.Table)
		return table != nil && table.Column(e.Name.Name) == nil
	}
	return writesAllColumns(o.of)
}

// makesIndex reports whether CREATE INDEX IF NOT EXISTS made one: a server saw it, or, where
// nobody asked one, the history makes the table and no index of the name.
func (b *builder) makesIndex(o *Object, e Event) bool {
	effect := b.observed.Effect(e.Statement)
	if effect == nil || effect.Err != nil {
		return o.of.madeBy() != nil
	}
	return slices.ContainsFunc(effect.Created, func(c CatalogObject) bool {
		return c.Kind == string(facts.Index) && strings.Trim(facts.Identity(facts.Index, c.Name).Name, `"`) == e.Name.Name
	})
}

// writesAllColumns reports whether the statement that makes a table names each column.
func writesAllColumns(table *Object) bool {
	s, is := table.madeBy().(*pg.CreateStmt)
	return is && !s.IfNotExists && len(s.InhRelations) == 0 && s.OfTypename == nil &&
		!slices.ContainsFunc(s.TableElts, func(n *pg.Node) bool { return n.GetTableLikeClause() != nil })
}

// belongs notes what a new object is part of, and returns where its name must be
// unique. An index is in the schema of its table, whatever the statement says, and
// so is the sequence of a serial column.
func (b *builder) belongs(o *Object, e Event) scope {
	s := b.scope(b.made(e.Name))
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

// happens notes an event of an object, and of the table it belongs to.
func (b *builder) happens(o *Object, e Event) {
	e.Object = o
	o.events = append(o.events, e)
	if kind := e.Name.Kind.Space(); kind == facts.Function || kind == facts.Trigger || kind == facts.Rule || kind == facts.Type || kind == facts.Publication || kind == facts.Policy {
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
