package trial

import (
	"fmt"
	"slices"

	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

const duplicateColumn = "42701"

// hintOfMade says why an object is there already: a renamed file runs a second time, one
// that was deleted made it, or another one that has run; "" where no file tells.
func (t *trial) hintOfMade(r *session.Refused) string {
	if r.Statement == nil || !session.IsDuplicate(r.Err.SQLState) && r.Err.SQLState != duplicateColumn {
		return ""
	}
	if was := t.Source.RenamedFrom[r.Migration]; was != "" {
		return fmt.Sprintf("; this file has run as %s; keep that name", was)
	}
	m := t.makerOf(r.Statement)
	switch {
	case m == nil:
		return ""
	case t.Source.Gone[m]:
		return fmt.Sprintf("; %s made it, which this branch deletes; restore that file, and write what differs into a new one", m.Name)
	}
	return fmt.Sprintf("; %s made it", m.Name)
}

// makerOf returns the newest migration of the base that makes an object which a statement
// makes as well.
func (t *trial) makerOf(s *lint.Statement) (found *lint.Migration) {
	for _, m := range t.Source.History.Base {
		if slices.ContainsFunc(m.Statements(), func(earlier *lint.Statement) bool { return makesSame(earlier, s) }) {
			found = m
		}
	}
	return found
}

// makesSame tells whether two statements make an object of one name, of which one may leave
// the schema out.
func makesSame(a, b *lint.Statement) bool {
	return slices.ContainsFunc(a.Facts(), func(f facts.Fact) bool {
		return f.Verb&facts.Made != 0 && slices.ContainsFunc(b.Facts(), func(other facts.Fact) bool {
			return other.Verb&facts.Made != 0 && f.Name.SameIn([]string{f.Name.Schema, other.Name.Schema}, other.Name)
		})
	})
}

// hintOfSkipped says of an object that is missing that a new migration makes it which the
// tool does not run; "" where none does.
func (t *trial) hintOfSkipped(r *session.Refused, pending []*lint.Migration) string {
	o, found := missingObject(r.Err.Message)
	if !found {
		return ""
	}
	for _, m := range t.fresh {
		if !slices.Contains(pending, m) && slices.ContainsFunc(m.Statements(), func(s *lint.Statement) bool { return makesNamed(s, o.name) }) {
			return fmt.Sprintf("; %s makes it, which %s does not run", m.Name, t.Source.Tool)
		}
	}
	return ""
}

func makesNamed(s *lint.Statement, name string) bool {
	return slices.ContainsFunc(s.Facts(), func(f facts.Fact) bool { return f.Verb&facts.Made != 0 && f.Name.Name == name })
}
