package sqlvalue

import "slices"

// A Conversion is what changing a column from one type to another costs.
type Conversion uint8

// What ALTER COLUMN … TYPE does to the rows that are there.
const (
	ConversionUnknown Conversion = iota
	ConversionFree               // they stay as they are
	ConversionRewrites
)

// ConversionTo tells what PostgreSQL does to the rows when a column of type t
// gets another, as measured on 14 to 18: nothing for varchar(20) to text, a
// rewrite for integer to bigint. That timestamp to timestamptz is free where
// the session's TimeZone is UTC, nobody can tell from here.
func (t Type) ConversionTo(other Type) Conversion {
	if other.Domain != nil && (other.Domain.NotNull || len(other.Domain.Checks) > 0) {
		return ConversionRewrites
	}
	switch {
	case t.Name == "" || other.Name == "":
		return ConversionUnknown
	case t.Name == other.Name && t.Array == other.Array && slices.Equal(t.Mods, other.Mods):
		return ConversionFree
	case !t.IsUnderstood() || !other.IsUnderstood():
		return ConversionUnknown
	case t.Array || other.Array:
		return ConversionRewrites
	case t.Name == other.Name:
		return t.modsTo(other)
	}
	switch [2]string{t.Name, other.Name} {
	case [2]string{"varchar", "text"}, [2]string{"cidr", "inet"}, [2]string{"xml", "text"}:
		return ConversionFree
	case [2]string{"text", "varchar"}:
		if len(other.Mods) == 0 {
			return ConversionFree
		}
	case [2]string{"timestamp", "timestamptz"}, [2]string{"timestamptz", "timestamp"}:
		return ConversionUnknown
	}
	return ConversionRewrites
}

// modsTo compares what one type has in brackets: varchar(20) to varchar(40).
func (t Type) modsTo(other Type) Conversion {
	switch t.Name {
	case "interval":
		return ConversionUnknown
	case "bpchar", "bit":
		return ConversionRewrites
	}
	if len(other.Mods) == 0 {
		return ConversionFree
	}
	if len(t.Mods) == 0 || other.Mods[0] < t.Mods[0] || t.Scale() != other.Scale() {
		return ConversionRewrites
	}
	return ConversionFree
}
