package schema

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Outline returns the changes that are told by themselves: without the parts
// of tables and views that were added or removed as a whole, and without the
// sequences that come with their columns.
func Outline(changes []Change) []Change {
	whole := map[string]bool{}
	columns := map[string]bool{}
	for _, c := range changes {
		if c.What == Changed {
			continue
		}
		if c.Object.IsRelation() {
			whole[string(c.What)+c.Object.Within()] = true
		}
		if c.Object.Kind == Column {
			columns[string(c.What)+c.Object.Within()+"."+c.Object.Name] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(changes), func(c Change) bool {
		owner := strings.ReplaceAll(c.Object.Property("owned by"), `"`, "")
		return c.Object.Relation != "" && whole[string(c.What)+c.Object.Within()] || columns[string(c.What)+owner]
	})
}

// String tells a change in one line, but for its sign: "column orders.total:
// type integer → bigint".
func (c Change) String() string {
	if c.What != Changed {
		return c.Object.Describe()
	}
	var list []string
	for _, d := range c.Differences {
		list = append(list, d.String())
	}
	return c.Object.String() + ": " + strings.Join(list, ", ")
}

func (d Difference) String() string {
	switch {
	case d.Property == "not null" && d.From == "" && d.To == "yes":
		return "not null"
	case d.Property == "not null" && d.To == "":
		return "no longer not null"
	case d.Property == "comment" || !fitsOneLine(d.From) || !fitsOneLine(d.To):
		return d.Property + " changed"
	case d.Property == "name":
		return "renamed, was " + d.From
	case d.From == "":
		return d.Property + " " + d.To
	case d.To == "":
		return "no " + d.Property + ", was " + d.From
	}
	return d.Property + " " + d.From + " → " + d.To
}

// fitsOneLine reports whether a value can stand in a line.
func fitsOneLine(value string) bool { return len(value) <= 120 && !strings.Contains(value, "\n") }

// Describe names an object with what matters of it, in one line.
func (o *Object) Describe() string {
	if o.Kind == Column {
		return o.String() + " " + o.declaration()
	}
	what := o.String()
	if o.Kind == Index && o.Property("unique") != "" {
		what = "unique " + what // who makes it again by hand must not lose that
	}
	for _, name := range []string{"definition", "values", "attributes", "privileges", "value", "type"} {
		if value := o.Property(name); value != "" && fitsOneLine(value) && o.Kind != Sequence && !o.IsRelation() {
			return what + ": " + value
		}
	}
	return what
}

// declaration is a column's type and what else CREATE TABLE would say of it.
func (o *Object) declaration() string {
	words := []string{o.Property("type")}
	for _, p := range o.Properties {
		switch {
		case p.Name == "not null":
			words = append(words, "not null")
		case p.Name == "default" && fitsOneLine(p.Value), p.Name == "collation":
			words = append(words, p.Name, p.Value)
		case p.Name == "generated" && fitsOneLine(p.Value), p.Name == "identity":
			words = append(words, "generated", p.Value)
		}
	}
	return strings.Join(words, " ")
}

// Columns returns the columns of a table, "schema.name", in their order.
func (s *Schema) Columns(table string) []*Object {
	var columns []*Object
	for i := range s.Objects {
		if o := &s.Objects[i]; o.Kind == Column && o.Within() == table {
			columns = append(columns, o)
		}
	}
	slices.SortFunc(columns, func(a, b *Object) int { return cmp.Compare(a.position(), b.position()) })
	return columns
}

// position is the number of a column, behind the last slash of its identity.
func (o *Object) position() int {
	n, err := strconv.Atoi(o.id[strings.LastIndexByte(o.id, '/')+1:])
	if err != nil {
		return 0
	}
	return n
}
