package trial

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/internal/yamltext"
	"github.com/migvet/migvet/lint"
)

// missingStates are the refusals for want of an object: a relation, a schema, a type or
// another object, a function.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
var missingStates = []string{"42P01", "3F000", "42704", "42883"}

// doubtsFolder asks whether a folder holds migrations at all: nobody said so, no tool is
// recognised, and its first file or its base needs what nothing in it makes. It is ""
// where there is no doubt.
func (t *trial) doubtsFolder(r *session.Refused) string {
	first := len(t.Source.Head) > 0 && t.Source.Head[0] == r.Migration || slices.Contains(t.Source.History.Base, r.Migration)
	if !t.Source.Guessed || !first || !slices.Contains(missingStates, r.Err.SQLState) {
		return ""
	}
	o, found := missingObject(r.Err.Message)
	if found && t.makes(o) {
		return "" // later
	}
	rest := "what makes the rest with before:"
	if o.kind == "schema" {
		rest = beforeMaking(o)
	}
	return fmt.Sprintf("%s, which nothing in %s makes: is this a folder of migrations? If so, write %s, and %s; if not, name those that are",
		r.Err.Message, t.Source.Dir, t.Source.Place.Line(t.Source.Dir, "tool: plain"), rest)
}

// hintOfLeftover says how to take a file out of a folder whose runner nobody knows, which may
// run only files that it lists. What is new beside a base is no leftover. Where a file joins
// others, it is the one that is left out, and not the first that it repeats.
func (t *trial) hintOfLeftover(m *lint.Migration) string {
	if t.Source.Tool != source.Plain || path.Dir(m.Path) != t.Source.Dir || len(t.Source.Head) < 2 || !t.mayBeLeftover(m) {
		return ""
	}
	if joined, others := t.Source.Joined(); joined != nil && t.mayBeLeftover(joined) && (joined == m || slices.Contains(others, m)) {
		return fmt.Sprintf("; %s makes what %s make; if what runs the folder leaves it out, say so %s", path.Base(joined.Path), noun.Count(len(others), "other file"), t.leavingOut(joined))
	}
	return fmt.Sprintf("; if what runs the folder leaves %s out, say so %s", path.Base(m.Path), t.leavingOut(m))
}

func (t *trial) mayBeLeftover(m *lint.Migration) bool {
	return len(t.Source.History.Base) == 0 || slices.Contains(t.Source.History.Base, m)
}

// leavingOut is the line of the configuration that leaves a file out.
func (t *trial) leavingOut(m *lint.Migration) string {
	return t.Source.Place.Under(t.Source.Dir, "exclude: ["+yamltext.Pattern(strings.TrimPrefix(m.Path, t.Source.Dir+"/"))+"]")
}
