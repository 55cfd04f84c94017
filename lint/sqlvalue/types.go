package sqlvalue

import (
	"slices"
	"strconv"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// A Type is a type of SQL as far as anybody can tell. That of a column of a
// domain is the type below the domain, with the domain beside it.
type Type struct {
	Name  string // as pg_type has it: "int4", "bpchar", with another schema "app.mood"; "" when not known
	Mods  []int  // in brackets: a length, or precision and scale
	Array bool   // of any number of dimensions

	Labels []string // of an enum, in its order
	Domain *Domain  // the outermost; nil for other types
}

// A Domain is a type with rules of its own, joined with those of the domains it
// is over.
type Domain struct {
	Name       string
	NotNull    bool
	HasDefault bool
	Checks     []*pg.Node // CHECK expressions about VALUE
}

// ParseType reads a type as people write it or as format_type prints it:
// "character varying(20)" and "varchar(20)" are one. Its Name is "" for text
// that is no type.
func ParseType(text string) Type {
	targets := lint.Tree("SELECT NULL::" + text).GetSelectStmt().GetTargetList()
	if len(targets) != 1 {
		return Type{}
	}
	return ReadType(targets[0].GetResTarget().GetVal().GetTypeCast().GetTypeName())
}

// ReadType reads a type from a parse tree: serial is "int4". Of enums and
// domains, which other statements made, it knows no more than the name.
func ReadType(t *pg.TypeName) Type {
	schema, name := schemaAndName(t.GetNames())
	if name == "" || t.Setof {
		return Type{}
	}
	if schema != "" && schema != "pg_catalog" && schema != "public" {
		name = schema + "." + name // never one of PostgreSQL's own
	}
	if integer, found := serialTypes[name]; found {
		name = integer
	}
	read := Type{Name: name, Array: len(t.ArrayBounds) > 0}
	for _, m := range t.Typmods {
		constant := m.GetAConst()
		if constant.GetIval() == nil {
			return Type{Name: name, Array: read.Array}
		}
		read.Mods = append(read.Mods, int(constant.GetIval().GetIval()))
	}
	return read
}

// schemaAndName returns the last two parts of a name; schema is "" when there
// is but one.
func schemaAndName(parts []*pg.Node) (schema, name string) {
	for _, part := range parts {
		schema, name = name, part.GetString_().GetSval()
	}
	return schema, name
}

// https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-SERIAL
var serialTypes = map[string]string{
	"smallserial": "int2", "serial2": "int2", "serial": "int4", "serial4": "int4", "bigserial": "int8", "serial8": "int8",
}

// displayNames are the types whose name in pg_type is not what people write.
var displayNames = map[string]string{
	"int2": "smallint", "int4": "integer", "int8": "bigint", "bool": "boolean",
	"float4": "real", "float8": "double precision", "bpchar": "char", "varbit": "bit varying",
}

// String returns the type as people write it: "varchar(20)", "integer[]",
// "email (text)" for a domain.
func (t Type) String() string {
	text := t.Name
	if name, found := displayNames[t.Name]; found {
		text = name
	}
	if t.Domain != nil {
		return t.Domain.Name + " (" + text + t.brackets() + ")"
	}
	return text + t.brackets()
}

func (t Type) brackets() string {
	var text string
	if len(t.Mods) > 0 && t.Name != "interval" {
		var numbers []string
		for _, m := range t.Mods {
			numbers = append(numbers, strconv.Itoa(m))
		}
		text = "(" + strings.Join(numbers, ",") + ")"
	}
	if t.Array {
		text += "[]"
	}
	return text
}

// Is reports whether the type is one of those named, and no array of them. The
// names are those of pg_type: "int4", not "integer".
func (t Type) Is(names ...string) bool {
	return !t.Array && slices.Contains(names, t.Name)
}

// IsText reports whether every string is a value of the type, but for its length.
func (t Type) IsText() bool { return t.Is("text", "varchar", "bpchar", "citext") }

// IsTime reports whether the type holds a date, a time or both.
func (t Type) IsTime() bool {
	return t.Is("date", "time", "timetz", "timestamp", "timestamptz")
}

// IsInteger reports whether the type holds whole numbers alone.
func (t Type) IsInteger() bool { return t.Is("int2", "int4", "int8") }

// Scale is how many digits a numeric keeps behind the point: 2 for
// numeric(10,2), 0 for numeric(10) and for types that have none.
func (t Type) Scale() int {
	if len(t.Mods) < 2 {
		return 0
	}
	return t.Mods[1]
}

// builtinTypes are the types of PostgreSQL itself that columns are made of,
// as pg_type names them.
var builtinTypes = []string{
	"bit", "bool", "box", "bpchar", "bytea", "cidr", "circle", "date", "daterange", "float4", "float8", "inet", "int2", "int4", "int4range",
	"int8", "int8range", "interval", "json", "jsonb", "macaddr", "money", "name", "numeric", "numrange", "oid", "point", "polygon", "text",
	"time", "timestamp", "timestamptz", "timetz", "tsquery", "tsrange", "tstzrange", "tsvector", "uuid", "varbit", "varchar", "xml",
}

// IsUnderstood reports whether the type is built in or an enum whose labels are
// known, so that nothing about it is left to guess.
func (t Type) IsUnderstood() bool {
	return len(t.Labels) > 0 || slices.Contains(builtinTypes, t.Name)
}

// Over joins a domain with the domain that it is over: a value has to keep the
// rules of both. A nil domain is none.
func (d *Domain) Over(below *Domain) *Domain {
	if d == nil {
		return below
	}
	if below == nil {
		return d
	}
	return &Domain{
		Name:       d.Name,
		NotNull:    d.NotNull || below.NotNull,
		HasDefault: d.HasDefault || below.HasDefault,
		Checks:     slices.Concat(d.Checks, below.Checks),
	}
}
