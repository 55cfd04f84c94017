package rules

import (
	"slices"
	"strconv"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// A datatype is a type as a statement writes it, under the name that
// format_type prints.
type datatype struct {
	name  string // "integer", "character varying"; user types as written
	mods  []int
	array bool
}

// builtinNames are the names of pg_type for which format_type prints others.
var builtinNames = map[string]string{
	"int2": "smallint", "int4": "integer", "int8": "bigint", "smallserial": "smallint", "serial": "integer", "bigserial": "bigint",
	"serial2": "smallint", "serial4": "integer", "serial8": "bigint", "float4": "real", "float8": "double precision", "bool": "boolean",
	"varchar": "character varying", "bpchar": "character", "varbit": "bit varying",
	"timestamp": "timestamp without time zone", "timestamptz": "timestamp with time zone",
	"time": "time without time zone", "timetz": "time with time zone", "decimal": "numeric",
}

// plainNames are built-in types that everybody calls the same.
var plainNames = []string{"text", "numeric", "uuid", "json", "jsonb", "date", "interval", "bytea", "bit", "money", "inet", "cidr", "xml", "tsvector", "point", "macaddr", "name", "oid"}

func datatypeOf(t *pg.TypeName) datatype {
	names := words(t.GetNames())
	d := datatype{name: strings.Join(names, "."), array: len(t.GetArrayBounds()) > 0}
	if len(names) == 2 && names[0] == "pg_catalog" {
		d.name = names[1]
	}
	if builtin := builtinNames[d.name]; builtin != "" {
		d.name = builtin
	}
	for _, n := range t.GetTypmods() {
		d.mods = append(d.mods, int(n.GetAConst().GetIval().GetIval()))
	}
	return d
}

func (d datatype) builtin() bool {
	if slices.Contains(plainNames, d.name) {
		return true
	}
	for _, name := range builtinNames {
		if d.name == name {
			return true
		}
	}
	return false
}

func (d datatype) equal(o datatype) bool {
	return d.name == o.name && d.array == o.array && slices.Equal(d.mods, o.mods)
}

func (d datatype) String() string {
	name, zone := d.name, ""
	if len(d.mods) > 0 && d.name != "interval" {
		if i := strings.Index(name, " with"); i >= 0 {
			name, zone = name[:i], name[i:]
		}
		var mods []string
		for _, m := range d.mods {
			mods = append(mods, strconv.Itoa(m))
		}
		name += "(" + strings.Join(mods, ",") + ")"
	}
	if d.array {
		zone += "[]"
	}
	return name + zone
}

// A conversion is what changing a column from one type to another costs.
type conversion uint8

const (
	conversionUnknown conversion = iota
	conversionFree               // the stored values stay as they are
	conversionRewrites
)

// convert tells what PostgreSQL does to the rows, as measured on 14 to 18.
func convert(from, to datatype) conversion {
	switch {
	case from.equal(to):
		return conversionFree
	case !from.builtin() || !to.builtin():
		return conversionUnknown // domains are free, enums are not
	case from.array || to.array:
		return conversionRewrites
	case from.name == to.name:
		return widens(from, to)
	}
	switch [2]string{from.name, to.name} {
	case [2]string{"character varying", "text"}, [2]string{"cidr", "inet"}, [2]string{"xml", "text"}:
		return conversionFree
	case [2]string{"text", "character varying"}:
		return unlimited(to)
	case [2]string{"timestamp without time zone", "timestamp with time zone"}, [2]string{"timestamp with time zone", "timestamp without time zone"}:
		return conversionUnknown // free when the session's TimeZone is UTC
	}
	return conversionRewrites
}

func unlimited(d datatype) conversion {
	if len(d.mods) == 0 {
		return conversionFree
	}
	return conversionRewrites
}

// widens compares modifiers of one type.
func widens(from, to datatype) conversion {
	switch from.name {
	case "interval":
		return conversionUnknown
	case "character", "bit":
		return conversionRewrites
	}
	if len(to.mods) == 0 {
		return conversionFree
	}
	if len(from.mods) == 0 || to.mods[0] < from.mods[0] {
		return conversionRewrites
	}
	if from.name == "numeric" && scale(from) != scale(to) {
		return conversionRewrites
	}
	return conversionFree
}

func scale(d datatype) int {
	if len(d.mods) < 2 {
		return 0
	}
	return d.mods[1]
}
