package source

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// An Undo is how a tool takes migrations back.
type Undo struct {
	// Without says what the tool does with a migration that has no down: "goose
	// forgets that it has run and changes nothing".
	Without string

	undoing
	table quote.SQL // the history table
	of    map[*lint.Migration]*step
	head  []*lint.Migration
	files map[string]string // Source.Files
}

// A Down is what takes one migration back: its statements, like those of a
// migration, in the same file or another. What runs forwards is blanked.
type Down struct {
	*lint.Migration
	Refused string // why the tool fails on it before it sends anything; "" when it does not
}

// Down returns what takes a migration back, nil when there is nothing.
func (u *Undo) Down(m *lint.Migration) *Down {
	s := u.of[m]
	if s == nil || s.down == nil {
		return nil
	}
	back := s.down()
	if back == nil {
		return nil
	}
	u.files[back.path] = back.raw
	return &Down{back.migration(), back.refused}
}

// Stops tells whether the tool goes no further back than to a migration
// without a down. Others pass it over.
func (u *Undo) Stops() bool { return u.stops }

// Needs tells whether the tool would look for a down of m: repeatable
// migrations have none.
func (u *Undo) Needs(m *lint.Migration) bool {
	s := u.of[m]
	return s != nil && !s.repeatable && s.standIn == "" // code has its own way back
}

// Forget is the SQL by which the tool notes that m was taken back; "" when it
// notes nothing. It runs in the transaction of the down.
func (u *Undo) Forget(m *lint.Migration) quote.SQL {
	if u.forget == nil {
		return ""
	}
	var previous *step
	if i := slices.Index(u.head, m); i > 0 {
		previous = u.of[u.head[i-1]]
	}
	return u.forget(u.table, u.of[m], previous)
}

// undoing is what a tool knows about going back.
type undoing struct {
	// forget is the SQL that follows a down, with the history table; previous is the migration that runs before s, nil for none. nil for
	// tools that write nothing down.
	forget func(table quote.SQL, s, previous *step) quote.SQL

	// stops: it goes no further back than to a migration without a down.
	stops bool
}

// undo returns how the tool goes back, nil when it does not.
func (r *review) undo(t tool) *Undo {
	if t.undo == nil || r.to.forward {
		return nil
	}
	u := &Undo{Without: t.withoutDown, undoing: *t.undo, table: r.to.historyTable(t.table), of: map[*lint.Migration]*step{}, files: r.files}
	for i := range r.to.steps {
		s := &r.to.steps[i]
		if m := r.new[s]; m != nil {
			u.of[m] = s
			u.head = append(u.head, m)
		}
	}
	return u
}

// downIn makes a section of a step's own text its down. It is called before
// the rest of the text is blanked.
func (s *step) downIn(section lint.Span, tx lint.TxMode) {
	whole := *s
	s.down = func() *step {
		back := whole
		back.tx = tx
		back.keep(section)
		return &back
	}
}

// downFile makes another file the down of a step. Nothing is looked for until
// somebody asks.
func (l layout) downFile(f *Folder, d *directory, s *step, find findDown) {
	up := *s
	s.down = func() *step {
		file := find(&up)
		if file == "" {
			return nil
		}
		back := &step{name: strings.TrimSuffix(path.Base(file), ".sql"), path: path.Join(f.Dir, file), tx: l.tx}
		text, err := d.read(file)
		if err != nil {
			back.refused = "cannot be read: " + err.Error()
			return back
		}
		back.raw, back.text, back.chunks = text, text, []lint.Span{{Start: 0, End: len(text)}}
		if why, bad := whyUnreadable(back.path, text); bad {
			back.refused, back.chunks = why.Message, nil
			return back
		}
		if l.prepare != nil {
			l.prepare(f, back)
		}
		return back
	}
}

// findDown returns the file, below the folder, that takes a step back; "" for none.
type findDown func(s *step) string

// downsByKey finds the first file with the key that a step has. Files whose key is ""
// take nothing back. Keys are read when the first step is asked for.
func downsByKey(files []string, ofFile func(file string) string, ofStep func(s *step) string) findDown {
	first := sync.OnceValue(func() map[string]string {
		byKey := map[string]string{}
		for _, file := range slices.Backward(files) {
			byKey[ofFile(file)] = file
		}
		delete(byKey, "")
		return byKey
	})
	return func(s *step) string { return first()[ofStep(s)] }
}

// downsByNumber finds the first file with the number of a step among those that
// pattern matches; its first group is the number.
func downsByNumber(pattern *lazyregexp.Regexp) func(d *directory) findDown {
	ofFile := func(file string) string {
		if m := pattern.FindStringSubmatch(file); m != nil {
			return withoutLeadingZeros(m[1])
		}
		return ""
	}
	return func(d *directory) findDown {
		return downsByKey(d.ours(), ofFile, func(s *step) string { return withoutLeadingZeros(s.key) })
	}
}

// MissingDowns reports the new migrations that have no down, or an empty one.
func (s *Source) MissingDowns() []lint.Finding {
	if s.Undo == nil {
		return nil
	}
	var missing []lint.Finding
	for _, m := range s.History.New {
		if m.Opaque != "" || !s.Undo.Needs(m) {
			continue
		}
		switch down := s.Undo.Down(m); {
		case down == nil:
			missing = append(missing, rules.DownMissing.AtFile(m.Path, fmt.Sprintf("%s has no down: %s; write one, or one that fails with a message", m.Name, s.Undo.Without)))
		case down.Refused == "" && down.Opaque == "" && len(down.Statements()) == 0:
			missing = append(missing, rules.DownMissing.AtFile(down.Path, fmt.Sprintf("the down of %s is empty: %s; write it, or one that fails with a message", m.Name, s.Undo.empty())))
		}
	}
	return missing
}

// empty says what every tool does with a down that holds nothing.
func (u *Undo) empty() string {
	if u.forget == nil {
		return u.Without
	}
	return "running it forgets that the migration has run and changes nothing"
}
