package drizzlekit

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
)

// Footprints is the version of the first snapshots that have them.
const Footprints = "9"

// A Footprint is what one statement of a migration changes and relies on, as
// drizzle-kit 1.0 notes it in the snapshot. Writes and the like are names that
// only have to be compared.
type Footprint struct {
	Statement    string   `json:"statementType"`   // "add_column"
	Target       []string `json:"statementTarget"` // "column", "public", "users", "email"
	Writes       []string
	Reads        []string
	SharedWrites []string
	SQLHash      string // where running the statement twice does no harm
}

// ReadFootprints reads those of a snapshot.
func ReadFootprints(r io.Reader) ([]Footprint, error) {
	var s struct{ Footprints []Footprint }
	err := json.NewDecoder(r).Decode(&s)
	return s.Footprints, err
}

// String is the statement in words: "add column users.email".
func (f Footprint) String() string {
	names := f.Target
	if len(names) > 1 {
		names = names[1:]
	}
	if len(names) > 1 && names[0] == "public" {
		names = names[1:]
	}
	return strings.ReplaceAll(f.Statement, "_", " ") + " " + strings.Join(names, ".")
}

// Collide reports whether drizzle-kit lets the two stand on different branches:
// neither may change what the other changes or relies on, unless both do the
// same. Written after findConflict of 1.0.0-rc.5.
func (f Footprint) Collide(other Footprint) bool {
	if f.SQLHash != "" && f.SQLHash == other.SQLHash && f.Statement == other.Statement {
		return false
	}
	return f.disturbs(other) || other.disturbs(f)
}

func (f Footprint) disturbs(other Footprint) bool {
	touched := func(name string) bool {
		return slices.Contains(other.Writes, name) || slices.Contains(other.Reads, name)
	}
	return slices.ContainsFunc(f.Writes, touched) || slices.ContainsFunc(f.SharedWrites, touched)
}
