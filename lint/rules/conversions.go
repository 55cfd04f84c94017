package rules

import "slices"

// A conversion is what changing a column from one type to another costs.
type conversion uint8

const (
	conversionUnknown conversion = iota
	conversionFree               // the stored values stay as they are
	conversionRewrites
)

// builtinTypes are the types of PostgreSQL itself that columns are made of,
// as pg_type names them.
var builtinTypes = []string{
	"bit", "bool", "box", "bpchar", "bytea", "cidr", "circle", "date", "daterange", "float4", "float8", "inet", "int2", "int4", "int4range",
	"int8", "int8range", "interval", "json", "jsonb", "macaddr", "money", "name", "numeric", "numrange", "oid", "point", "polygon", "text",
	"time", "timestamp", "timestamptz", "timetz", "tsquery", "tsrange", "tstzrange", "tsvector", "uuid", "varbit", "varchar", "xml",
}

// understood tells whether the type is built in or an enum, so that nothing
// about it is left to guess.
func understood(t dataType) bool {
	return len(t.labels) > 0 || slices.Contains(builtinTypes, t.name)
}

// convert tells what PostgreSQL does to the rows, as measured on 14 to 18.
func convert(from, to dataType) conversion {
	if to.domain != nil && (to.domain.notNull || len(to.domain.checks) > 0) {
		return conversionRewrites
	}
	switch {
	case from.name == "" || to.name == "":
		return conversionUnknown
	case from.name == to.name && from.array == to.array && slices.Equal(from.mods, to.mods):
		return conversionFree
	case !understood(from) || !understood(to):
		return conversionUnknown
	case from.array || to.array:
		return conversionRewrites
	case from.name == to.name:
		return widens(from, to)
	}
	switch [2]string{from.name, to.name} {
	case [2]string{"varchar", "text"}, [2]string{"cidr", "inet"}, [2]string{"xml", "text"}:
		return conversionFree
	case [2]string{"text", "varchar"}:
		if len(to.mods) == 0 {
			return conversionFree
		}
	case [2]string{"timestamp", "timestamptz"}, [2]string{"timestamptz", "timestamp"}:
		return conversionUnknown // free when the session's TimeZone is UTC
	}
	return conversionRewrites
}

// widens compares modifiers of one type.
func widens(from, to dataType) conversion {
	switch from.name {
	case "interval":
		return conversionUnknown
	case "bpchar", "bit":
		return conversionRewrites
	}
	if len(to.mods) == 0 {
		return conversionFree
	}
	if len(from.mods) == 0 || to.mods[0] < from.mods[0] || scale(from) != scale(to) {
		return conversionRewrites
	}
	return conversionFree
}

// scale is the number of digits behind the point; 0 for all but numeric.
func scale(t dataType) int {
	if len(t.mods) < 2 {
		return 0
	}
	return t.mods[1]
}
