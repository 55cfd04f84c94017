package schema

import (
	"cmp"
	"slices"
)

// What says how an object differs.
type What string

const (
	Added   What = "added"
	Removed What = "removed"
	Changed What = "changed"
)

// A Change is one object that differs between two schemas.
type Change struct {
	What        What
	Object      *Object      // as it is after; when removed, as it was before
	Before      *Object      // as it was; nil when added
	Differences []Difference // of a changed object
}

// A Difference is one property that changed; "" is none. A renamed object
// differs in its "name", a moved one in its "schema".
type Difference struct{ Property, From, To string }

// Options says what counts as the same.
type Options struct {
	// Renames recognises objects that kept their identity under another name.
	// Both schemas must have been read from one and the same database.
	Renames bool

	// UnnamedKeys compares primary keys without their names: a table that was
	// renamed keeps that of its key.
	UnnamedKeys bool
}

// Diff returns how after differs from before, parts of a table behind it. What
// a partition or child table has from its parent is told of the parent only.
func Diff(before, after *Schema, o Options) []Change {
	d := differ{Options: o, before: map[key]*Object{}, swapped: map[string]bool{}}
	for i := range before.Objects {
		d.before[d.key(&before.Objects[i])] = &before.Objects[i]
	}
	var added []*Object
	for i := range after.Objects {
		now := &after.Objects[i]
		was, found := d.before[d.key(now)]
		if !found {
			added = append(added, now)
			continue
		}
		delete(d.before, d.key(now))
		if o.Renames && now.Kind == Table && now.id != was.id {
			d.swapped[now.Within()] = true
		}
		d.compare(was, now)
	}
	if o.Renames {
		added = d.renamed(added)
	}
	for _, now := range added {
		if !now.Inherited {
			d.changes = append(d.changes, Change{What: Added, Object: now})
		}
	}
	for _, was := range d.before {
		if !was.Inherited {
			d.changes = append(d.changes, Change{What: Removed, Object: was, Before: was})
		}
	}
	slices.SortFunc(d.changes, func(a, b Change) int {
		return cmp.Or(a.Object.key().compare(b.Object.key()), cmp.Compare(b.What, a.What))
	})
	return d.changes
}

type differ struct {
	Options
	before  map[key]*Object // what after was not found to have yet
	swapped map[string]bool // tables before that are others after: "public.events"
	changes []Change
}

func (d *differ) key(o *Object) key {
	k := o.key()
	if d.UnnamedKeys && k.kind == PrimaryKey {
		k.name = ""
	}
	return k
}

// compare notes how one object differs from what it was.
func (d *differ) compare(was, now *Object) {
	if was.Inherited && now.Inherited {
		return
	}
	var list []Difference
	if was.Name != now.Name && !(d.UnnamedKeys && now.Kind == PrimaryKey) {
		list = append(list, Difference{"name", was.Name, now.Name})
	}
	if was.Schema != now.Schema && now.Relation == "" {
		list = append(list, Difference{"schema", was.Schema, now.Schema})
	}
	for _, p := range now.Properties {
		if from := was.Property(p.Name); from != p.Value && !(isPrinted(now.Kind, p.Name) && samePrinted(from, p.Value)) {
			list = append(list, Difference{p.Name, from, p.Value})
		}
	}
	for _, p := range was.Properties {
		if now.Property(p.Name) == "" {
			list = append(list, Difference{p.Name, p.Value, ""})
		}
	}
	if len(list) > 0 {
		d.changes = append(d.changes, Change{What: Changed, Object: now, Before: was, Differences: list})
	}
}

// renamed takes out of added what is in before under another name. What a table had whose
// name another one took is not there under another name: it is gone from that name.
func (d *differ) renamed(added []*Object) (left []*Object) {
	type identity struct {
		kind Kind
		id   string
	}
	known := map[identity]*Object{}
	for _, was := range d.before {
		if was.id != "" && !(was.Relation != "" && d.swapped[was.Within()]) {
			known[identity{was.Kind, was.id}] = was
		}
	}
	for _, now := range added {
		was := known[identity{now.Kind, now.id}]
		if was == nil {
			left = append(left, now)
			continue
		}
		delete(d.before, d.key(was))
		d.compare(was, now)
	}
	return left
}
