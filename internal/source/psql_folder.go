package source

import (
	"cmp"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
)

// A plain folder whose files have commands of psql is run by psql. The base's files tell:
// a pull request that adds the first command to a folder that something else runs has a
// file that PostgreSQL refuses.

// backslashLine saves the reading of files without commands.
var backslashLine = lazyregexp.New(`(?m)^[ \t]*\\[A-Za-z!]`)

// readAsPsql reads both branches' plain folder as psql does, where it has its commands.
func readAsPsql(base, head *Folder) {
	tells := base
	if base == nil || len(base.steps) == 0 {
		tells = head
	}
	if head.Tool != Plain || !tells.hasPsql() {
		return
	}
	old := map[string]bool{}
	if base != nil {
		for i := range base.steps {
			old[base.steps[i].identity()] = true
		}
	}
	own := tells.connectedTo()
	for _, f := range []*Folder{base, head} {
		if f != nil {
			f.asPsql(old, own)
		}
	}
}

func (f *Folder) hasPsql() bool {
	for i := range f.steps {
		if s := &f.steps[i]; s.isReadable() && len(s.psqlCommands()) > 0 {
			return true
		}
	}
	return false
}

// isReadable reports whether a step's text is that of its file, and known.
func (s *step) isReadable() bool {
	return s.opaque == "" && !s.unreadable && !s.missing && s.standIn == ""
}

// psqlCommands are the commands of psql in a step.
func (s *step) psqlCommands() []lint.Span {
	if !strings.Contains(s.text, `\`) || !backslashLine.MatchString(s.text) {
		return nil
	}
	return scanPsql(s.text).commands
}

// asPsql lets psql run the steps, each in a session of its own. old are those that have
// run: the rows that \copy brought them are left out, since a trial makes its own. own is
// the database that they run in, "" if none of them says.
func (f *Folder) asPsql(old map[string]bool, own string) {
	for i := range f.steps {
		s := &f.steps[i]
		if !s.isReadable() {
			continue
		}
		var without []lint.Span
		for _, c := range s.psqlCommands() {
			command := s.text[c.Start:c.End]
			if own != "" && connectsTo(command) == own || old[s.identity()] && psqlCopyIn.MatchString(command) {
				without = append(without, c)
			}
		}
		s.text = blankSpans(s.text, without)
		f.runByPsql(s, map[string]string{})
	}
}

// psqlCopyIn matches \copy of rows into a table. https://www.postgresql.org/docs/current/app-psql.html
var psqlCopyIn = lazyregexp.New(`(?i)^\\copy\s[^'"]*\sfrom\s`)

// connectedTo is the one database to which files connect: that in which the migrations
// run. It is "" for none and for several.
func (f *Folder) connectedTo() (own string) {
	for i := range f.steps {
		for _, c := range f.steps[i].psqlCommands() {
			to := connectsTo(f.steps[i].text[c.Start:c.End])
			if to != "" && own != "" && to != own {
				return ""
			}
			own = cmp.Or(to, own)
		}
	}
	return own
}

// connectsTo is the database of a command \c; "" for other commands.
func connectsTo(command string) string {
	if m := psqlConnect.FindStringSubmatch(strings.TrimSpace(command)); m != nil {
		return m[1]
	}
	return ""
}
