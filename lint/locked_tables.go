package lint

import (
	"slices"

	"github.com/migvet/migvet/lint/facts"
)

// A lockedTable is a table in use that a statement locks strongly.
type lockedTable struct {
	name   facts.Name
	object *Object // nil for one that no statement before speaks of
}

// lockedTables are the tables that a transaction has locked, in the order of the first
// lock of each.
type lockedTables struct {
	names   []facts.Name
	objects map[*Object]bool
	unknown []facts.Name // tables without an object
}

// has reports whether a table is among them, be it under another name: ALTER TABLE a RENAME
// TO b, then ALTER TABLE b.
func (l *lockedTables) has(t lockedTable) bool {
	if t.object != nil {
		return l.objects[t.object]
	}
	return slices.ContainsFunc(l.unknown, t.name.Same)
}

func (l *lockedTables) add(t lockedTable) {
	if l.has(t) {
		return
	}
	l.names = append(l.names, t.name)
	if t.object == nil {
		l.unknown = append(l.unknown, t.name)
		return
	}
	if l.objects == nil {
		l.objects = map[*Object]bool{}
	}
	l.objects[t.object] = true
}

// lockedBy returns the tables in use that the statement at a place locks strongly: first those that its text names, then the tables of indexes that it drops and
// those that a server saw nobody able to read for what goes, or for what code does. One may
// be there twice.
func (w *walk) lockedBy(s *Statement, place int32) []lockedTable {
	e := w.options.Observed.Effect(s)
	var locked []lockedTable
	for _, f := range s.Facts() {
		if f.Verb&facts.Locked == 0 {
			continue
		}
		if o := w.timeline.findBefore(f.Name, place); w.isInUse(o, f.Name, place, e) {
			locked = append(locked, lockedTable{f.Name, o})
		}
	}
	for _, n := range w.lockedAlong(s, place, e) {
		locked = append(locked, lockedTable{n, w.timeline.findBefore(n, place)})
	}
	return locked
}

// lockedAlong returns tables in use that a statement locks against readers without naming
// them: DROP INDEX those of the indexes, DROP TABLE those that a foreign key of it points at.
func (w *walk) lockedAlong(s *Statement, place int32, e *Effect) []facts.Name {
	if e == nil || e.Err != nil || e.Incomplete != "" {
		return w.tablesOfDroppedIndexes(s, place)
	}
	if s.Node != nil && s.Node.GetDoStmt() == nil && len(e.Dropped) == 0 {
		return nil
	}
	var names []facts.Name
	for _, l := range e.Locks {
		if l.Mode.BlocksReads() && !l.Index && !l.Child && e.isTable(l.Object) {
			names = append(names, w.withoutHome(facts.Identity(facts.Table, l.Object), place))
		}
	}
	return names
}

// isTable reports whether a relation that a statement locked can be a table that is there
// behind it.
func (e *Effect) isTable(name string) bool {
	if slices.ContainsFunc(e.Dropped, func(o CatalogObject) bool { return o.Name == name }) {
		return false
	}
	t := e.Before.Table(name)
	return t == nil || t.Kind == OrdinaryTable || t.Kind == PartitionedTable
}

func (w *walk) tablesOfDroppedIndexes(s *Statement, place int32) []facts.Name {
	if s.Node.GetDropStmt().GetConcurrent() {
		return nil
	}
	var names []facts.Name
	for _, f := range s.Facts() {
		if f.Verb&facts.Dropped == 0 || f.Name.Kind != facts.Index {
			continue
		}
		if table := w.timeline.findBefore(f.Name, place).Table(); table != nil && !table.isNewBefore(place) {
			names = append(names, w.withoutHome(table.nameAt(place-1), place))
		}
	}
	return names
}

// withoutHome takes the schema from a name that nobody writes with it in the statement at
// a place.
func (w *walk) withoutHome(n facts.Name, place int32) facts.Name {
	if n.Schema == w.timeline.pathAt(place).home() {
		n.Schema = ""
	}
	return n
}
