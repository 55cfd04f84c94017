package rows

import "github.com/migvet/migvet/internal/quote"

// nulls says in which rows a column is NULL.
type nulls int

const (
	nullNever nulls = iota
	nullSometimes
	nullFirst // row: the root of a tree
	nullAlways
)

// nullEvery third row a nullable column of the adversarial set is NULL: the other two rows of three always hold one
// full pair of duplicates in six. All columns of a row are NULL together, so that coalesce(a, b) finds nothing;
// in a few rows behind them they are NULL apart.
const nullEvery = 3

// A column is a table's column with its plan.
type column struct {
	table    *table
	number   int
	name     string
	typ      quote.SQL // format_type
	dataType           // of the column, or of its domain's base type
	notNull  bool      // by itself or by its domain
	constant quote.SQL // a literal DEFAULT
	// generated is the expression of a generated column, sources the columns it reads.
	generated    quote.SQL
	sources      []*column
	domainChecks []quote.SQL // on VALUE

	// The plan.
	key        *foreignKey // whose parent gives the value, if any
	parent     *column     // set with key
	value      value       // used when key is nil
	candidates []value     // other values to try
	spread     spread      // used when key is nil
	nulls      nulls
	nullIn     []quote.SQL // rows of nullSometimes beside every third, see addNullsApart
	referenced bool        // by a foreign key: has a value in every row
}

// A dataType is a type of the catalog; for a domain it is the base type.
type dataType struct {
	baseType quote.SQL // format_type, of a column's with the modifier
	castType quote.SQL // the domain that it stands for; else baseType
	base     string    // pg_type.typname
	typtype  string    // pg_type.typtype
	category string    // pg_type.typcategory
	modifier int       // atttypmod, -1 for none
	length   int       // of varchar, char, bit; 0 for none
	labels   []string  // of an enum
	element  *dataType
	subtype  *dataType   // of a range; the range of a multirange
	fields   []dataType  // of a composite type
	checks   []quote.SQL // on VALUE, of a domain that is part of another type
}

// sql is the expression of the column's value in the row with the given number, itself an expression.
func (c *column) sql(row quote.SQL) quote.SQL {
	switch c.nulls {
	case nullAlways:
		return "NULL"
	case nullFirst:
		return "CASE WHEN " + row + " = " + quote.Number(firstRow) + " THEN NULL ELSE " + c.filled(row) + " END"
	case nullSometimes:
		return "CASE WHEN " + c.isNull(row) + " THEN NULL ELSE " + c.filled(row) + " END"
	}
	return c.filled(row)
}

// filled is sql without NULLs. A value of a parent is cast to the parent's type first, as it is stored there.
func (c *column) filled(row quote.SQL) quote.SQL {
	if c.key == nil {
		return c.value.sql(c.spread.row(row))
	}
	return "(" + c.parent.filled(c.key.row(row)) + ")::" + c.parent.baseType
}

// row is the number of the parent's row that a row refers to.
func (k *foreignKey) row(row quote.SQL) quote.SQL {
	if k.shift == 0 && k.parent.rows >= k.table.rows {
		return k.spread.row(row)
	}
	return "((" + k.spread.row(row) + " - " + quote.Number(firstRow-k.shift) + ") % " + quote.Number(k.parent.rows) + " + " + quote.Number(firstRow) + ")"
}

// root is the column at the end of the chain of foreign keys: the one that owns the value.
func (c *column) root() *column {
	for c.key != nil {
		c = c.parent
	}
	return c
}

// distinctBut says that two rows have the same value only where s makes them have the same number, NULLs aside and as
// far as the plan alone can tell.
func (c *column) distinctBut(s spread) bool {
	if *c.spreadOf() != s {
		return false
	}
	for ; c.key != nil; c = c.parent {
		if c.key.parent.rows < c.key.table.rows || *c.parent.spreadOf() != everyRow {
			return false
		}
	}
	return c.value.size == 0 && !c.value.guess
}
