package drizzlekit

import (
	"encoding/json"
	"slices"
	"strings"
)

// Footprints are what a migration touches, as a snapshot of version 9 lists it:
// the names and properties of objects that it changes, and those that it only
// relies on. "n|col|public.users.name" is the name of a column.
type Footprints []struct {
	Writes, Reads []string
}

// ReadFootprints reads those of a snapshot; none of versions before 9.
func ReadFootprints(snapshot []byte) (Footprints, error) {
	var file struct{ Footprints Footprints }
	err := json.Unmarshal(snapshot, &file)
	return file.Footprints, err
}

// Conflict names something that two migrations made side by side touch, and
// that at least one of them changes; "" when there is nothing. drizzle-kit
// refuses just these folders: testdata/drizzle/side-by-side holds it to that.
func (f Footprints) Conflict(others Footprints) string {
	for _, a := range f {
		for _, b := range others {
			for _, both := range [][2][]string{{a.Writes, b.Writes}, {a.Writes, b.Reads}, {a.Reads, b.Writes}} {
				i := slices.IndexFunc(both[0], func(key string) bool { return slices.Contains(both[1], key) })
				if i >= 0 {
					return objectOf(both[0][i])
				}
			}
		}
	}
	return ""
}

// objectOf is how people call what a key stands for: its last part, without the
// schema that is always there.
func objectOf(key string) string {
	parts := strings.Split(key, "|")
	name := strings.TrimPrefix(parts[len(parts)-1], "public.")
	if len(parts) < 3 {
		return name
	}
	switch parts[1] {
	case "tbl":
		return "table " + name
	case "col":
		return "column " + name
	case "colprop":
		return "column " + name[:max(strings.LastIndexByte(name, '.'), 0)]
	}
	return name
}
