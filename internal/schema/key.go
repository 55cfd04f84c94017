package schema

import (
	"cmp"
	"slices"
)

// A key is what makes an object the same one in two schemas.
type key struct {
	kind                   Kind
	schema, relation, name string
}

func (o *Object) key() key { return key{o.Kind, o.Schema, o.Relation, o.Name} }

// compare puts the parts of a table or view behind it.
func (k key) compare(l key) int {
	return cmp.Or(
		cmp.Compare(k.group(), l.group()),
		cmp.Compare(k.schema, l.schema),
		cmp.Compare(k.top(), l.top()),
		cmp.Compare(k.rank(), l.rank()),
		cmp.Compare(k.relation, l.relation),
		cmp.Compare(k.name, l.name),
	)
}

func (k key) rank() int { return slices.Index(kindsInOrder, k.kind) }

// group is one for everything about tables and views.
func (k key) group() int {
	if k.relation != "" || slices.Contains(kindsInOrder[slices.Index(kindsInOrder, Table):slices.Index(kindsInOrder, Column)], k.kind) {
		return slices.Index(kindsInOrder, Table)
	}
	return k.rank()
}

// top is the name of the table or view of a part.
func (k key) top() string {
	if k.relation != "" {
		return k.relation
	}
	return k.name
}
