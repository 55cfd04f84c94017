package mutate

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// laterPrefix is what the names begin with that RenamesLater gives.
const laterPrefix = "later_"

// maxName is the longest name that PostgreSQL keeps, in bytes.
const maxName = 63

// LaterName is the name that something gets later, which PostgreSQL does not cut: a name of
// 63 bytes loses its end.
func LaterName(name string) string {
	name = laterPrefix + name
	for len(name) > maxName {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return name
}

// RenamesLater is a migration that gives every relation another name which stands
// at the end of a script: what was wrong with them before is no less so.
func RenamesLater(s Script) string {
	var b strings.Builder
	for _, r := range relationsOf(s.Base + "\n" + strings.Join(s.New, "\n")) {
		if !r.temporary {
			fmt.Fprintf(&b, "ALTER %s %s RENAME TO %s;\n", r.kind, r.sql(), quotedIfNeeded(LaterName(r.name)))
		}
	}
	return b.String()
}
