package trial

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// An object is what a refusal says does not exist.
type object struct{ kind, schema, name string }

// absences are PostgreSQL's words for what is not there: geography is `type
// "public.geography"` in a column and `type public.geography` in a function.
var absences = []struct {
	kind    string
	message *lazyregexp.Regexp
}{
	{"role", lazyregexp.New(`^role "(.+)" does not exist$`)},
	{"schema", lazyregexp.New(`^schema "(.+)" does not exist$`)},
	{"type", lazyregexp.New(`^type "?([^" ]+?)(?:\[\])*"? does not exist$`)},
	{"function", lazyregexp.New(`^(?:function|procedure|aggregate|routine) ([^( ]+)\(.*\) does not exist$`)},
	{"function", lazyregexp.New(`^could not find a function named "(.+)"$`)},
	{"relation", lazyregexp.New(`^(?:relation|table|view|materialized view|foreign table|sequence|index) "(.+)" does not exist$`)},
	{"operator class", lazyregexp.New(`^operator class "(.+)" does not exist`)},
	{"access method", lazyregexp.New(`^access method "(.+)" does not exist$`)},
	{"language", lazyregexp.New(`^language "(.+)" does not exist$`)},
	{"foreign-data wrapper", lazyregexp.New(`^foreign-data wrapper "(.+)" does not exist$`)},
	{"text search dictionary", lazyregexp.New(`^text search dictionary "(.+)" does not exist$`)},
	{"extension", lazyregexp.New(`^extension "(.+)" does not exist$`)},
	{"publication", lazyregexp.New(`^publication "(.+)" does not exist$`)},
	{"parameter", lazyregexp.New(`^unrecognized (?:configuration )?parameter "(.+)"$`)},
	{"parameter namespace", lazyregexp.New(`^unrecognized parameter namespace "(.+)"$`)},
	{"privilege", lazyregexp.New(`^unrecognized privilege type "(.+)"$`)},
}

// missingObject reads what a refusal says does not exist.
func missingObject(message string) (o object, found bool) {
	for _, a := range absences {
		m := a.message.FindStringSubmatch(message)
		if m == nil {
			continue
		}
		o = object{kind: a.kind, name: m[1]}
		if i := strings.LastIndexByte(m[1], '.'); i > 0 && isInSchema(a.kind) {
			o.schema, o.name = m[1][:i], m[1][i+1:]
		}
		return o, true
	}
	return defaultClass(message)
}

const defaultOperatorClass = "default operator class"

var noDefaultClass = lazyregexp.New(`^data type (.+) has no default operator class for access method "(gin|gist)"$`)

// scalars are the types for which btree_gin and btree_gist bring operator classes of GIN
// and GiST: EXCLUDE USING gist (room WITH =, during WITH &&) needs one for room.
// https://www.postgresql.org/docs/current/btree-gin.html
var scalars = []string{
	"smallint", "integer", "bigint", "real", "double precision", "numeric", "money", "oid", "boolean", "uuid",
	"character", "character varying", "text", "bytea", "bit", "bit varying", "macaddr", "macaddr8", "inet", "cidr",
	"date", "interval", "time without time zone", "time with time zone", "timestamp without time zone", "timestamp with time zone",
}

// defaultClass reads of an access method that it has no operator class for a scalar.
func defaultClass(message string) (o object, found bool) {
	m := noDefaultClass.FindStringSubmatch(message)
	if m == nil || !slices.Contains(scalars, m[1]) {
		return object{}, false
	}
	return object{kind: defaultOperatorClass, name: m[2]}, true
}

// isInSchema tells the kinds of objects whose names have a schema.
func isInSchema(kind string) bool {
	return kind == "type" || kind == "function" || kind == "relation" || kind == "operator class" || kind == "text search dictionary"
}
