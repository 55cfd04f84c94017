package source

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
)

// A template may be a comment, so that the file is SQL before anything fills it in: river
// writes CREATE TABLE /* TEMPLATE: schema */river_job. Without a value nothing takes its
// place, in to_regclass('/* TEMPLATE: schema */river_job') too.
var (
	commentTemplate = lazyregexp.New(`/\*\s*TEMPLATE:\s*(\w+)\s*\*/`)

	// sqlComment is a comment, or a literal or a name that may hold what looks like one.
	sqlComment = lazyregexp.New(`(?s)--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"[^"]*"|\$\w*\$.*?\$\w*\$`)

	bodyQuotes = lazyregexp.New(`^\$\w*\$|\$\w*\$$`)
)

// fillComments puts the configured values into files that are templates in comments only.
// marked are those that are templates elsewhere, too.
func (f *Folder) fillComments(marked []*step) {
	for i := range f.steps {
		s := &f.steps[i]
		if slices.Contains(marked, s) {
			continue
		}
		f.fillCommentsOf(s)
		if down := s.down; down != nil {
			s.down = func() *step {
				back := down()
				if back != nil {
					f.fillCommentsOf(back)
				}
				return back
			}
		}
	}
}

func (f *Folder) fillCommentsOf(s *step) {
	if len(s.replaced) > 0 || s.opaque != "" || s.unreadable {
		return
	}
	marks := commentMarks(s)
	if len(marks) == 0 {
		return
	}
	if s.sentWhole() {
		f.fillMarks(s, marks)
		return
	}
	if f.hasValueFor(marks) || marksLiteral(s.text) {
		s.opaque = fmt.Sprintf("something else than %s replaces %s in it, and %s sends it in parts, so what runs is known only when it is; render the files, and name the folder of what comes of it: %s",
			f.Tool, s.text[marks[0].at.Start:marks[0].at.End], f.Tool, f.Place.Rendered(f.Dir))
		s.chunks = nil
	}
}

// fillMarks fills marks in, those of comments with nothing where the configuration has no
// value. It keeps what the file says without them: a comment that became a value is no edit.
func (f *Folder) fillMarks(s *step, marks []mark) {
	nothing := map[string]string{}
	for _, m := range commentMarks(s) {
		nothing[m.name] = ""
		s.unfilled = commentTemplate.ReplaceAllString(s.text, "")
	}
	f.fill(s, marks, nothing)
}

// commentMarks finds the templates in a step that are comments, or would be outside of a literal.
func commentMarks(s *step) (marks []mark) {
	if !strings.Contains(s.text, "TEMPLATE:") {
		return nil
	}
	for _, at := range commentTemplate.FindAllStringSubmatchIndex(s.text, -1) {
		marks = append(marks, mark{lint.Span{Start: at[0], End: at[1]}, s.text[at[2]:at[3]]})
	}
	return marks
}

func (f *Folder) hasValueFor(marks []mark) bool {
	return slices.ContainsFunc(marks, func(m mark) bool { return f.Placeholders[m.name] != "" })
}

// marksLiteral tells whether a template stands where PostgreSQL sees no comment: in a
// literal or a name, also one in a function's body.
func marksLiteral(text string) bool {
	for _, part := range sqlComment.FindAllString(text, -1) {
		switch part[0] {
		case '\'', '"':
			if commentTemplate.MatchString(part) {
				return true
			}
		case '$':
			if marksLiteral(bodyQuotes.ReplaceAllString(part, "")) {
				return true
			}
		}
	}
	return false
}

// commentsOf are the places of the comments in SQL.
func commentsOf(text string) (spans []lint.Span) {
	for _, at := range sqlComment.FindAllStringIndex(text, -1) {
		if strings.HasPrefix(text[at[0]:], "--") || strings.HasPrefix(text[at[0]:], "/*") {
			spans = append(spans, lint.Span{Start: at[0], End: at[1]})
		}
	}
	return spans
}

func isInside(m lint.Span, spans []lint.Span) bool {
	return slices.ContainsFunc(spans, func(s lint.Span) bool { return s.Start < m.Start && m.End <= s.End })
}

func inOrder(marks []mark) []mark {
	slices.SortFunc(marks, func(a, b mark) int { return cmp.Compare(a.at.Start, b.at.Start) })
	return marks
}

// differsInTemplates tells whether nothing but templates in comments came or went.
func (p pair) differsInTemplates() bool {
	without := func(s *step) string { return commentTemplate.ReplaceAllString(s.raw, "") }
	return p.from.raw != p.to.raw && strings.Contains(p.from.raw+p.to.raw, "TEMPLATE:") && sameText(without(p.from), without(p.to))
}

// sameUnfilled tells whether two texts of a migration mean the same before the comments in
// them get their values.
func (p pair) sameUnfilled() bool {
	if p.from.unfilled == "" && p.to.unfilled == "" {
		return false
	}
	return len(differingStatements(p.from.unfilledStatements(), p.to.unfilledStatements())) == 0
}

func (s *step) unfilledStatements() []*lint.Statement {
	m := lint.Migration{Source: cmp.Or(s.unfilled, s.text), Allowance: lint.NewAllowance(lint.MaxTokens)}
	return m.Statements()
}
