package trial

import (
	"fmt"
	"path"
	"slices"

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
	if o, found := missingObject(r.Err.Message); found && t.makes(o) {
		return "" // later
	}
	return fmt.Sprintf("%s, which nothing in %s makes: is this a folder of migrations? If so, say so in .migvet.yml with migrations: [{dir: %s, tool: plain}], and what makes the rest with before:; if not, name those that are",
		r.Err.Message, t.Source.Dir, yamltext.Scalar(t.Source.Dir))
}

// hintOfLeftover says how to take a file out of a folder whose runner nobody knows, which may
// run only files that it lists. What is new beside a base is no leftover.
func (t *trial) hintOfLeftover(m *lint.Migration) string {
	if t.Source.Tool != source.Plain || path.Dir(m.Path) != t.Source.Dir || len(t.Source.Head) < 2 ||
		len(t.Source.History.Base) > 0 && !slices.Contains(t.Source.History.Base, m) {
		return ""
	}
	return fmt.Sprintf("; if what runs the folder leaves %s out, say so under migrations in .migvet.yml: {dir: %s, exclude: [%s]}", path.Base(m.Path), yamltext.Scalar(t.Source.Dir), yamltext.Pattern(path.Base(m.Path)))
}
