package rows

import (
	"context"
	"slices"
)

// A catalogType is a row of typesSQL.
type catalogType struct {
	oid                           uint32
	name, base, typtype, category string // format_type, typname
	inner                         uint32 // what it is made of; 0 for none
	modifier                      int    // of what a domain is made of
	fields                        []uint32
	labels, checks                []string
}

// What is deeper or has more parts gets the values of a type that nobody knows: types of twelve fields each, six of
// which are made of one another, have three million.
const (
	maxTypeDepth = 8
	maxTypeParts = 512
)

func (c *catalog) loadTypes(ctx context.Context, oids []uint32) error {
	c.types, c.parts = map[uint32]catalogType{}, map[uint32]int{}
	var t catalogType
	targets := []any{
		&t.oid, &t.name, &t.base, &t.typtype, &t.category, &t.inner, &t.modifier, &t.labels, &t.fields, &t.checks,
	}
	err := c.each(ctx, typesSQL, []any{oids}, targets, func() error {
		read := t
		read.labels, read.fields, read.checks = slices.Clone(t.labels), slices.Clone(t.fields), slices.Clone(t.checks)
		c.types[t.oid] = read
		return nil
	})
	return wrapReading(err, "types")
}

// dataType describes a type with what it is made of. A domain is described as its base type, to which values are cast
// before they are cast to the domain.
func (c *catalog) dataType(oid uint32, modifier, depth int) dataType {
	t := c.types[oid]
	if t.typtype == "d" && depth < maxTypeDepth {
		return c.domain(t, depth)
	}
	d := dataType{
		baseType: catalogSQL(t.name), castType: catalogSQL(t.name), base: t.base, typtype: t.typtype, category: t.category,
		modifier: modifier, labels: t.labels,
	}
	switch {
	case modifier > 4 && (t.base == "varchar" || t.base == "bpchar"):
		d.length = modifier - 4 // the modifier counts the length word
	case modifier > 0 && (t.base == "bit" || t.base == "varbit"):
		d.length = modifier
	}
	if depth >= maxTypeDepth || c.typeParts(oid) > maxTypeParts {
		return d
	}
	for _, f := range t.fields {
		d.fields = append(d.fields, c.dataType(f, -1, depth+1))
	}
	if t.inner == 0 {
		return d
	}
	inner := -1
	if t.category == "A" {
		inner = modifier // of varchar(5)[]
	}
	made := c.dataType(t.inner, inner, depth+1)
	switch t.typtype {
	case "r", "m":
		d.subtype = &made
	default:
		d.element = &made
	}
	return d
}

// typeParts counts the types that a type is made of, with itself: more than maxTypeParts come to one more than that.
func (c *catalog) typeParts(oid uint32) int {
	if n, counted := c.parts[oid]; counted {
		return n
	}
	c.parts[oid] = 1
	n := 1
	t := c.types[oid]
	for _, part := range append(slices.Clone(t.fields), t.inner) {
		if part != 0 {
			n = min(n+c.typeParts(part), maxTypeParts+1)
		}
	}
	c.parts[oid] = n
	return n
}

func (c *catalog) domain(t catalogType, depth int) dataType {
	d := c.dataType(t.inner, t.modifier, depth+1)
	d.castType = catalogSQL(t.name)
	d.checks = append(eachAsSQL(t.checks, catalogSQL), d.checks...)
	return d
}
