package mutate

import (
	"fmt"
	"strings"
)

// laterPrefix is what the names begin with that RenamesLater gives.
const laterPrefix = "later_"

// RenamesLater is a migration that gives every relation another name which stands
// at the end of a script: what was wrong with them before is no less so.
func RenamesLater(s Script) string {
	var b strings.Builder
	for _, r := range relationsOf(s.Base + "\n" + strings.Join(s.New, "\n")) {
		if !r.temporary {
			fmt.Fprintf(&b, "ALTER %s %s RENAME TO %s;\n", r.kind, r.sql(), quotedIfNeeded(laterPrefix+r.name))
		}
	}
	return b.String()
}
