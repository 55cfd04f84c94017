package rows

import (
	"slices"

	"github.com/migvet/migvet/internal/quote"
)

// A constraint is something that the planned rows must satisfy and that only PostgreSQL can decide.
type constraint struct {
	table   *table
	name    string
	text    quote.SQL // expressions, where values that satisfy it may be found
	columns []*column
	sql     func() quote.SQL // scalar boolean over the plan of the moment
	certain func() bool      // true: the plan makes sense of it without asking
	isKey   bool             // unique, exclusion or foreign key
	ofType  bool             // of the only column's type
	state   state
	err     error // why it could not be evaluated

	depends map[any]bool // parts of the plan it depends on: *column, *foreignKey, *table
}

type state int

const (
	stateUnknown state = iota
	stateHolds
	stateViolated
	stateUndecidable // it raises an error whatever the values, or takes too long
)

func newConstraint(t *table, name string, text quote.SQL, columns []*column, sql func() quote.SQL) *constraint {
	c := &constraint{table: t, name: name, text: text, sql: sql, certain: func() bool { return false }, depends: map[any]bool{t: true}}
	for _, col := range withSources(columns) {
		if col.generated != "" {
			continue
		}
		c.columns = append(c.columns, col)
		for at := col; ; at = at.parent {
			c.depends[at] = true
			if at.key == nil {
				break
			}
			c.depends[at.key], c.depends[at.key.parent] = true, true
		}
	}
	return c
}

// constraints lists all of a table that keep rows out, except NOT NULL and foreign keys that hold by construction.
func (t *table) constraints() []*constraint {
	var all []*constraint
	for _, c := range t.columns {
		if c.generated == "" {
			all = append(all, c.constraints()...)
		} else {
			all = append(all, c.computable())
		}
	}
	for _, e := range t.computed {
		all = append(all, newConstraint(t, e.name, e.expression, e.columns, func() quote.SQL {
			return "(SELECT pg_catalog.count(ROW(" + e.expression + ")) >= 0 FROM " + t.planned(e.columns) + ")"
		}))
	}
	for _, k := range t.checks {
		all = append(all, t.checkConstraint(k))
	}
	for _, u := range t.uniques {
		columns := append(slices.Clone(u.columns), u.others...)
		c := newConstraint(t, u.name, u.predicate+" "+quote.Join(u.parts, " "), columns, u.sql)
		c.certain, c.isKey = u.certain, true
		all = append(all, c)
	}
	for _, k := range t.keys {
		if k.split() {
			c := newConstraint(t, k.name, "", k.columns, k.sql)
			c.isKey = true
			all = append(all, c)
		}
	}
	return all
}

// computable asks whether a generated column can be computed for every row, and is not NULL where it may not be.
func (c *column) computable() *constraint {
	columns := []*column{c}
	return newConstraint(c.table, c.name, c.generated, columns, func() quote.SQL {
		want := quote.SQL(">= 0")
		if c.notNull {
			want = "= pg_catalog.count(*)"
		}
		return "(SELECT pg_catalog.count(" + quote.Name(c.name) + ") " + want + " FROM " + c.table.planned(columns) + ")"
	})
}

func (t *table) checkConstraint(k check) *constraint {
	columns := k.columns
	if len(columns) == 0 { // it reads the row as a whole, or none of it
		columns = t.columns
	}
	return newConstraint(t, k.name, k.expression, columns, func() quote.SQL {
		return "(SELECT coalesce(pg_catalog.bool_and(coalesce((" + k.expression + "), true)), true) FROM " + t.planned(columns) + ")"
	})
}

// constraints of a single column: its domain's, and that its type accepts the value, where that is uncertain.
func (c *column) constraints() []*constraint {
	var all []*constraint
	columns := []*column{c}
	if c.key == nil && !c.takesAll() {
		all = append(all, newConstraint(c.table, c.name, "", columns, func() quote.SQL {
			return "(SELECT pg_catalog.count((" + c.sql("g.k") + ")::" + c.typ + ") >= 0 FROM " + c.table.rowNumbers() + ")"
		}))
	}
	for _, expression := range c.domainChecks {
		all = append(all, newConstraint(c.table, string(c.typ), expression, columns, func() quote.SQL {
			// VALUE is no reserved word: it reads a column of that name.
			return "(SELECT coalesce(pg_catalog.bool_and(coalesce((" + expression + "), true)), true) FROM (SELECT (" +
				c.sql("g.k") + ")::" + c.baseType + " AS value FROM " + c.table.rowNumbers() + ") AS v)"
		}))
	}
	for _, of := range all {
		of.ofType = true
	}
	return all
}

// takesAll tells whether the type is known to accept the values that are made for it.
func (d *dataType) takesAll() bool {
	if len(d.checks) > 0 {
		return false
	}
	if _, known := benignValues[d.base]; known || d.base == "numeric" || d.typtype == "e" {
		return true
	}
	return d.subtype != nil && d.subtype.takesAll()
}

// leaveNull makes the column NULL in every row where nobody can tell what its type accepts, and reports whether it may
// be that.
func (c *constraint) leaveNull() bool {
	if !c.ofType || len(c.columns) != 1 {
		return false
	}
	col := c.columns[0]
	if col.notNull || col.referenced || col.key != nil {
		return false
	}
	col.nulls = nullAlways
	return true
}

// split says that columns of the key follow another key: that they refer to the same row is then not certain.
func (k *foreignKey) split() bool {
	return k.parent != nil && slices.ContainsFunc(k.columns, func(c *column) bool { return c.key != k })
}

// sql asks whether every planned row refers to a planned row of the parent.
func (k *foreignKey) sql() quote.SQL {
	var columns, parents, filled []quote.SQL
	for i, c := range k.columns {
		name := quote.Name(k.table.relname) + "." + quote.Name(c.name)
		columns = append(columns, name)
		filled = append(filled, name+" IS NOT NULL")
		parents = append(parents, quote.Name(k.parents[i].name))
	}
	return "(SELECT pg_catalog.count(*) = 0 FROM " + k.table.planned(k.columns) + " WHERE " + quote.Join(filled, " AND ") +
		" AND (" + quote.Join(columns, ", ") + ") NOT IN (SELECT " + quote.Join(parents, ", ") + " FROM " + k.parent.planned(k.parents) + "))"
}
