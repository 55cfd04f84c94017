package facts

// IsCommonType reports whether a type is one that no CREATE TYPE of the history
// makes: PostgreSQL's own come first in the search path, those of the usual
// extensions come with them.
// https://www.postgresql.org/docs/current/datatype.html
func IsCommonType(name string) bool {
	switch name {
	case "bool", "int2", "int4", "int8", "numeric", "float4", "float8", "money", "serial", "bigserial", "smallserial",
		"text", "varchar", "bpchar", "char", "name", "uuid", "json", "jsonb", "jsonpath", "xml", "bytea", "bit", "varbit",
		"date", "time", "timetz", "timestamp", "timestamptz", "interval",
		"inet", "cidr", "macaddr", "macaddr8", "oid", "regclass", "pg_lsn", "tsvector", "tsquery",
		"point", "line", "lseg", "box", "path", "polygon", "circle",
		"int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange",
		"citext", "hstore", "ltree", "vector", "halfvec", "sparsevec", "geometry", "geography":
		return true
	}
	return false
}
