package source

import (
	"slices"

	"github.com/migvet/migvet/lint"
)

// Habits are how a runner of the repository's own runs a folder otherwise than the
// tool whose form its files have.
type Habits struct {
	Transaction string // one of Transactions; "" for the tool's
	Send        string // one of Sendings; "" for the tool's
}

// What a configuration may say of how a file runs: in a transaction, in none, each
// statement in one of its own.
const (
	InFile      = "file"
	InNone      = "none"
	InStatement = "statement"
)

// Transactions are the values of Habits.Transaction.
func Transactions() []string { return []string{InFile, InNone, InStatement} }

// Sendings are the values of Habits.Send: a file as one message, or statement by
// statement.
func Sendings() []string { return []string{InFile, InStatement} }

// apply gives a step the habits that a person has told.
func (h Habits) apply(s *step, tool string) {
	switch h.Transaction {
	case InFile:
		s.tx = lint.TxFile
	case InNone, InStatement:
		s.tx = lint.TxNone
	}
	if len(s.chunks) == 0 {
		return
	}
	switch h.sends(tool) {
	case InStatement:
		s.sendStatements()
	case InFile:
		if len(s.copyRows) == 0 {
			s.chunks = []lint.Span{{Start: s.chunks[0].Start, End: s.chunks[len(s.chunks)-1].End}}
		}
	}
}

// sends is how files are cut. What runs a plain folder without a transaction is mostly
// psql -f, which sends statement by statement.
func (h Habits) sends(tool string) string {
	switch {
	case h.Send != "":
		return h.Send
	case h.Transaction == InStatement, h.Transaction == InNone && tool == Plain:
		return InStatement
	}
	return ""
}

// applyHabits gives them to all steps, and to their ways back.
func (f *Folder) applyHabits() {
	if f.Habits == (Habits{}) {
		return
	}
	for i := range f.steps {
		f.applyHabitsTo(&f.steps[i])
	}
}

func (f *Folder) applyHabitsTo(s *step) {
	f.Habits.apply(s, f.Tool)
	if s.down == nil {
		return
	}
	down := s.down
	s.down = func() *step {
		back := down()
		if back != nil {
			back.chunks = slices.Clone(back.chunks)
			f.Habits.apply(back, f.Tool)
		}
		return back
	}
}
