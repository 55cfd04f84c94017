package facts

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// MaxIdentifier is how long names are at most, in bytes: NAMEDATALEN - 1.
// https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
const MaxIdentifier = 63

// DeriveName puts a name together as PostgreSQL does for objects that have
// none: orders_total_check from "orders", "total" and "check". Of names that are
// too long it shortens the longer part, byte by byte. An empty part is left out.
func DeriveName(first, second, label string) string {
	room := MaxIdentifier - len(label) - 1
	if second != "" {
		room--
	}
	a, b := len(first), len(second)
	for a+b > room {
		if a > b {
			a--
		} else {
			b--
		}
	}
	parts := []string{clip(first, a)}
	if second != "" {
		parts = append(parts, clip(second, b))
	}
	return strings.Join(append(parts, label), "_")
}

// clip cuts a name to so many bytes, between characters.
func clip(name string, size int) string {
	for size > 0 && size < len(name) && !utf8.RuneStart(name[size]) {
		size--
	}
	return name[:min(size, len(name))]
}

// DerivedName is the name that PostgreSQL chooses for what a fact makes, with a number
// behind its label while others are taken: orders_email_key1. 0 is without a number.
func (f *Fact) DerivedName(number int) string {
	mark := ""
	if number > 0 {
		mark = strconv.Itoa(number)
	}
	switch tree := f.Tree.(type) {
	case *TableConstraint:
		table := f.Name.Table
		if f.Name.Kind == Index {
			table = f.To.Name
		}
		return constraintName(table, tree.Constraint, tree.Columns, mark)
	case *pg.IndexStmt:
		return indexName(f.To.Name, tree, mark)
	}
	return DeriveName(f.To.Table, f.To.Name, "seq"+mark) // of a column
}

// constraintLabels end the names that PostgreSQL gives constraints.
var constraintLabels = map[pg.ConstrType]string{
	pg.ConstrType_CONSTR_PRIMARY:   "pkey",
	pg.ConstrType_CONSTR_UNIQUE:    "key",
	pg.ConstrType_CONSTR_CHECK:     "check",
	pg.ConstrType_CONSTR_FOREIGN:   "fkey",
	pg.ConstrType_CONSTR_EXCLUSION: "excl",
}

// constraintName is the name PostgreSQL gives a constraint that has none, unless
// it is taken: orders_pkey, orders_customer_id_fkey. It is "" for what is no
// constraint in the catalog. A CHECK that stands by itself is named after its
// column when it is about one alone.
func constraintName(table string, c *pg.Constraint, columns []string, mark string) string {
	label := constraintLabels[c.GetContype()]
	if c.GetContype() == pg.ConstrType_CONSTR_NOTNULL && len(c.GetKeys()) > 0 {
		label = "not_null" // of a column it has no name before PostgreSQL 18
	}
	switch c.GetContype() {
	case pg.ConstrType_CONSTR_PRIMARY:
		columns = nil
	case pg.ConstrType_CONSTR_CHECK:
		if len(columns) > 1 {
			columns = nil
		}
	}
	if label == "" {
		return ""
	}
	return DeriveName(table, joinColumns(columns), label+mark)
}

// joinColumns joins the names of columns until there are 64 bytes of them, as
// PostgreSQL does before it shortens them.
func joinColumns(columns []string) string {
	var b strings.Builder
	for _, c := range columns {
		if b.Len() > 0 {
			b.WriteByte('_')
		}
		b.WriteString(c)
		if b.Len() > MaxIdentifier {
			break
		}
	}
	return b.String()
}

// indexName is the name PostgreSQL gives an index that has none, unless it is
// taken: orders_customer_id_idx. An expression is called by its function, or
// "expr".
func indexName(table string, s *pg.IndexStmt, mark string) string {
	var columns []string
	for _, n := range slices.Concat(s.GetIndexParams(), s.GetIndexIncludingParams()) {
		columns = append(columns, indexedName(n.GetIndexElem(), columns))
	}
	return DeriveName(table, joinColumns(columns), "idx"+mark)
}

// indexedName names one column of an index; a name that is taken gets a number.
func indexedName(e *pg.IndexElem, taken []string) string {
	name := e.GetName()
	if name == "" {
		name = "expr"
		if called := Words(e.GetExpr().GetFuncCall().GetFuncname()); len(called) > 0 {
			name = called[len(called)-1]
		}
	}
	unique := name
	for i := 1; slices.Contains(taken, unique); i++ {
		unique = name + strconv.Itoa(i)
	}
	return unique
}

// IndexedColumns returns the columns that an index goes with, each once: those of its
// expressions and of its condition, too.
func IndexedColumns(s *pg.IndexStmt) []string {
	columns := columnsNamed(s.GetWhereClause())
	for _, n := range slices.Concat(s.GetIndexParams(), s.GetIndexIncludingParams()) {
		e := n.GetIndexElem()
		for _, name := range append(columnsNamed(e.GetExpr()), e.GetName()) {
			if name != "" && !slices.Contains(columns, name) {
				columns = append(columns, name)
			}
		}
	}
	return columns
}

// ConstrainedColumns returns the columns that a constraint goes with, each once: besides
// its own those of an expression, of INCLUDE and of a condition.
func ConstrainedColumns(c *TableConstraint) []string {
	names := slices.Concat(c.Columns, columnsNamed(c.GetRawExpr()), Words(c.GetIncluding()), columnsNamed(c.GetWhereClause()))
	for _, n := range c.GetExclusions() {
		for _, item := range n.GetList().GetItems() {
			names = append(names, columnsNamed(item.GetIndexElem().GetExpr())...)
		}
	}
	var columns []string
	for _, name := range names {
		if name != "" && !slices.Contains(columns, name) {
			columns = append(columns, name)
		}
	}
	return columns
}

// columnsNamed returns the columns that an expression names, each once.
func columnsNamed(expr *pg.Node) []string {
	var columns []string
	Walk(expr, func(n *pg.Node) bool {
		fields := n.GetColumnRef().GetFields()
		if len(fields) == 0 {
			return true
		}
		if name := fields[len(fields)-1].GetString_().GetSval(); name != "" && !slices.Contains(columns, name) {
			columns = append(columns, name)
		}
		return false
	})
	return columns
}
