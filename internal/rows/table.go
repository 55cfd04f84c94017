package rows

import (
	"fmt"
	"slices"
	"strings"
)

// firstRow is the number of every table's first row. Rows that migrations insert count from 1; these stay clear.
const firstRow = 1001

// A table is a relation that can be inserted into: a plain table, a partition, or a hash-partitioned table as a
// whole (which of its partitions a row belongs to cannot be planned).
type table struct {
	oid       uint32
	name      string // quoted and qualified
	schema    string
	relname   string
	kind      string // pg_class.relkind
	strategy  string // pg_partitioned_table.partstrat
	parent    uint32 // the partitioned table, 0 for none
	bound     string // partition constraint
	forcesRLS bool   // row security applies to the owner as well
	// partitions counts the partitions of a hash-partitioned table.
	partitions int

	columns []*column
	keys    []*foreignKey
	uniques []*unique
	checks  []check
	// computed are expressions that are evaluated for every row, of indexes that are not unique.
	computed []check

	rows     int   // to insert
	inserted int   // so far
	err      error // why it cannot have its rows
}

// A foreignKey is a constraint on columns of its table. Every column it covers refers to the same row.
type foreignKey struct {
	name      string
	table     *table
	columns   []*column
	parent    *table // nil when the parent is not filled
	parents   []*column
	matchFull bool
	spread    spread
	shift     int // rows to add, when rows may not refer to the row of the same number
}

// A unique is a unique index or an exclusion constraint.
type unique struct {
	name          string
	table         *table
	parts         []string  // key expressions as SQL
	columns       []*column // plain key columns
	others        []*column // read by expressions and predicate
	predicate     string
	exclusion     bool
	immediate     bool // false: DEFERRABLE
	nullsNotEqual bool // the default: NULLS DISTINCT
}

// A check is a CHECK constraint or a partition's bounds.
type check struct {
	name       string
	expression string
	columns    []*column
}

func (t *table) column(number int) *column {
	for _, c := range t.columns {
		if c.number == number {
			return c
		}
	}
	return nil
}

func (t *table) columnNamed(name string) *column {
	for _, c := range t.columns {
		if c.name == name {
			return c
		}
	}
	return nil
}

// columnsNumbered maps attribute numbers to columns. System columns are left out.
func (t *table) columnsNumbered(numbers []int) []*column {
	var found []*column
	for _, n := range numbers {
		if c := t.column(n); c != nil {
			found = append(found, c)
		}
	}
	return found
}

// rowNumbers is the FROM item whose column k counts the rows.
func (t *table) rowNumbers() string {
	return fmt.Sprintf("generate_series(%d, %d) AS g(k)", firstRow, firstRow+t.rows-1)
}

// planned is a FROM item with the planned rows of t, as far as the given columns need them, under the name of t, so
// that expressions of its constraints can be evaluated on it. Generated columns are computed from their own.
func (t *table) planned(columns []*column) string {
	var plain, generated []string
	for _, c := range withSources(columns) {
		if c.generated != "" {
			generated = append(generated, fmt.Sprintf("(%s)::%s AS %s", c.generated, c.typ, quoteName(c.name)))
			continue
		}
		plain = append(plain, fmt.Sprintf("(%s)::%s AS %s", c.sql("g.k"), c.baseType, quoteName(c.name)))
	}
	rows := fmt.Sprintf("SELECT %s FROM %s", strings.Join(plain, ", "), t.rowNumbers())
	name := quoteName(t.relname)
	if len(generated) == 0 {
		return fmt.Sprintf("(%s) AS %s", rows, name)
	}
	return fmt.Sprintf("(SELECT *, %s FROM (%s) AS %s) AS %s", strings.Join(generated, ", "), rows, name, name)
}

// withSources adds the columns that generated columns are computed from.
func withSources(columns []*column) []*column {
	var all []*column
	add := func(c *column) {
		if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	for _, c := range columns {
		add(c)
		for _, source := range c.sources {
			add(source)
		}
	}
	return all
}

// insertSQL inserts the planned rows. Rows that conflict with ones already there are left out, except where a
// deferrable constraint forbids ON CONFLICT.
func (t *table) insertSQL() string {
	var names, values []string
	for _, c := range t.columns {
		if c.generated == "" {
			names = append(names, quoteName(c.name))
			values = append(values, fmt.Sprintf("(%s)::%s", c.sql("g.k"), c.typ))
		}
	}
	if len(names) == 0 {
		return fmt.Sprintf("INSERT INTO %s SELECT FROM %s", t.name, t.rowNumbers())
	}
	sql := fmt.Sprintf("INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s",
		t.name, strings.Join(names, ", "), strings.Join(values, ", "), t.rowNumbers())
	if slices.ContainsFunc(t.uniques, func(u *unique) bool { return !u.immediate }) {
		return sql
	}
	return sql + " ON CONFLICT DO NOTHING"
}
