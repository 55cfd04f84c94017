package rules

import (
	"slices"
	"strconv"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// A dataType is a type as far as anybody can tell, seen through its domains.
type dataType struct {
	name  string // as pg_type has it: "int4", "bpchar"; "" when not known
	mods  []int  // in brackets: a length, or precision and scale
	array bool

	labels []string // of an enum
	domain *domain  // the outermost; nil for other types
}

// A domain is a type with rules of its own.
type domain struct {
	name       string
	notNull    bool
	hasDefault bool
	checks     []*pg.Node // CHECK expressions about VALUE
}

// displayNames are the types whose name in pg_type is not what people write.
var displayNames = map[string]string{
	"int2": "smallint", "int4": "integer", "int8": "bigint", "bool": "boolean",
	"float4": "real", "float8": "double precision", "bpchar": "char", "varbit": "bit varying",
}

// String returns the type as people write it.
func (t dataType) String() string {
	text := t.name
	if name, found := displayNames[t.name]; found {
		text = name
	}
	if t.domain != nil {
		return t.domain.name + " (" + text + t.brackets() + ")"
	}
	return text + t.brackets()
}

func (t dataType) brackets() string {
	var text string
	if len(t.mods) > 0 && t.name != "interval" {
		var numbers []string
		for _, m := range t.mods {
			numbers = append(numbers, strconv.Itoa(m))
		}
		text = "(" + strings.Join(numbers, ",") + ")"
	}
	if t.array {
		text += "[]"
	}
	return text
}

// is tells whether the type is one of those named, and no array of them.
func (t dataType) is(names ...string) bool {
	return !t.array && slices.Contains(names, t.name)
}

// isText tells whether every string is a value of the type.
func (t dataType) isText() bool { return t.is("text", "varchar", "bpchar", "citext") }

// isTime tells whether the type holds a date, a time or both.
func (t dataType) isTime() bool {
	return t.is("date", "time", "timetz", "timestamp", "timestamptz")
}

// typeOf returns the type of a column: from the catalog when the statement was
// tried, else from the SQL of the history.
func typeOf(p *lint.Pass, c column) dataType {
	declared := c.def.GetTypeName()
	if declared == nil {
		declared = declarationOf(p, c.table, c.name).typ
	}
	known := catalogColumn(p, c)
	if known == nil {
		return resolveType(p, declared)
	}
	t := readType(known.Base)
	t.labels = known.Labels
	if known.Domain {
		t.domain = findDomain(p, declared)
		if t.domain == nil {
			t.domain = &domain{name: known.Type, notNull: known.NotNull && !c.notNull() && c.form != columnDefaulted}
		}
	}
	return t
}

// catalogColumn returns what the server knows of the column, after the
// statement if it went through; nil when nothing is known.
func catalogColumn(p *lint.Pass, c column) *lint.Column {
	if known := p.After(c.table).Column(c.name); known != nil {
		return known
	}
	if c.form != columnDefaulted {
		return nil
	}
	return p.Table(c.table).Column(c.name)
}

// readType reads what format_type prints.
func readType(text string) dataType {
	targets := lint.Tree("SELECT NULL::" + text).GetSelectStmt().GetTargetList()
	if len(targets) != 1 {
		return dataType{}
	}
	return builtinType(targets[0].GetResTarget().GetVal().GetTypeCast().GetTypeName())
}

var serialTypes = map[string]string{
	"smallserial": "int2", "serial2": "int2", "serial": "int4", "serial4": "int4", "bigserial": "int8", "serial8": "int8",
}

// builtinType reads a type's name without asking what the history made of it.
func builtinType(t *pg.TypeName) dataType {
	schema, name := qualified(words(t.GetNames()))
	if name == "" || t.Setof {
		return dataType{}
	}
	if schema != "" && schema != "pg_catalog" && schema != "public" {
		name = schema + "." + name // never one of PostgreSQL's own
	}
	if integer, found := serialTypes[name]; found {
		name = integer
	}
	read := dataType{name: name, array: len(t.ArrayBounds) > 0}
	for _, m := range t.Typmods {
		constant := m.GetAConst()
		if constant.GetIval() == nil {
			return dataType{name: name, array: read.array}
		}
		read.mods = append(read.mods, int(constant.GetIval().GetIval()))
	}
	return read
}

// qualified splits a name into its last two parts.
func qualified(names []string) (schema, name string) {
	if len(names) == 0 {
		return "", ""
	}
	if len(names) > 1 {
		schema = names[len(names)-2]
	}
	return schema, names[len(names)-1]
}

// maxDomains ends the search in domains over domains, which a hostile history
// could make endless.
const maxDomains = 8

// resolveType reads a type's name with the enums and domains that earlier
// statements made.
func resolveType(p *lint.Pass, t *pg.TypeName) dataType {
	var outermost *domain
	for range maxDomains {
		if t == nil {
			return dataType{}
		}
		made := findType(p, t)
		if made.base == nil {
			read := builtinType(t)
			read.labels, read.domain = made.labels, outermost
			return read
		}
		outermost = outermost.over(made.domain)
		if len(t.ArrayBounds) > 0 {
			return dataType{} // an array of a domain: nothing to say
		}
		t = made.base
	}
	return dataType{}
}

// over joins a domain with the one below it.
func (d *domain) over(below *domain) *domain {
	if d == nil {
		return below
	}
	d.notNull = d.notNull || below.notNull
	d.hasDefault = d.hasDefault || below.hasDefault
	d.checks = append(d.checks, below.checks...)
	return d
}

func findDomain(p *lint.Pass, t *pg.TypeName) *domain { return resolveType(p, t).domain }
