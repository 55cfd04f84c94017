package rows

import (
	"slices"

	"github.com/migvet/migvet/internal/quote"
)

// firstRow is the number of every table's first row. Rows that migrations insert count from 1; these stay clear.
const firstRow = 1001

// A table is a relation that can be inserted into: a plain table, a partition, or a hash-partitioned table as a
// whole (which of its partitions a row belongs to cannot be planned).
type table struct {
	oid       uint32
	name      string // quoted and qualified, for reports and Options; see qualified for SQL
	schema    string
	relname   string
	kind      string    // pg_class.relkind
	strategy  string    // pg_partitioned_table.partstrat
	parent    uint32    // the partitioned table, 0 for none
	bound     quote.SQL // partition constraint
	forcesRLS bool      // row security applies to the owner as well
	// partitions counts the partitions of a hash-partitioned table.
	partitions int

	columns []*column
	keys    []*foreignKey
	uniques []*unique
	checks  []check
	// computed are expressions that are evaluated for every row, of indexes that are not unique.
	computed []check

	rows     int   // to insert; of a kept table, that are there
	apart    int   // number of the first of the last rows, in which columns are NULL apart; 0 for none
	kept     bool  // it takes no more rows than it holds: others refer to those
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
	parts         []quote.SQL // key expressions as SQL
	columns       []*column   // plain key columns
	others        []*column   // read by expressions and predicate
	predicate     quote.SQL
	exclusion     bool
	immediate     bool // false: DEFERRABLE
	nullsNotEqual bool // the default: NULLS DISTINCT
}

// A check is a CHECK constraint or a partition's bounds.
type check struct {
	name       string
	expression quote.SQL
	columns    []*column
}

// qualified is the table's name in SQL.
func (t *table) qualified() quote.SQL { return quote.Name(t.schema) + "." + quote.Name(t.relname) }

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
func (t *table) rowNumbers() quote.SQL {
	return "generate_series(" + quote.Number(firstRow) + ", " + quote.Number(firstRow+t.rows-1) + ") AS g(k)"
}

// planned is a FROM item with the planned rows of t, as far as the given columns need them, under the name of t, so
// that expressions of its constraints can be evaluated on it. Generated columns are computed from their own.
func (t *table) planned(columns []*column) quote.SQL {
	var plain, generated []quote.SQL
	for _, c := range withSources(columns) {
		if c.generated != "" {
			generated = append(generated, "("+c.generated+")::"+c.typ+" AS "+quote.Name(c.name))
			continue
		}
		plain = append(plain, "("+c.sql("g.k")+")::"+c.baseType+" AS "+quote.Name(c.name))
	}
	rows := "SELECT " + quote.Join(plain, ", ") + " FROM " + t.rowNumbers()
	name := quote.Name(t.relname)
	if len(generated) == 0 {
		return "(" + rows + ") AS " + name
	}
	return "(SELECT *, " + quote.Join(generated, ", ") + " FROM (" + rows + ") AS " + name + ") AS " + name
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
func (t *table) insertSQL() quote.SQL {
	var names, values []quote.SQL
	for _, c := range t.columns {
		if c.generated == "" {
			names = append(names, quote.Name(c.name))
			values = append(values, "("+c.sql("g.k")+")::"+c.typ)
		}
	}
	if len(names) == 0 {
		return "INSERT INTO " + t.qualified() + " SELECT FROM " + t.rowNumbers()
	}
	sql := "INSERT INTO " + t.qualified() + " (" + quote.Join(names, ", ") + ") OVERRIDING SYSTEM VALUE SELECT " +
		quote.Join(values, ", ") + " FROM " + t.rowNumbers()
	if slices.ContainsFunc(t.uniques, func(u *unique) bool { return !u.immediate }) {
		return sql
	}
	return sql + " ON CONFLICT DO NOTHING"
}
