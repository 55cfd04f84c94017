package source

import (
	"fmt"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// cutWithin finds the first statement that a tool cuts at a semicolon which does not end it,
// and says so: a function's body between $$, a string, a comment, a body of BEGIN ATOMIC.
// What is never closed is a mistake of the text, and not the tool's.
func cutWithin(tool, mark, text string, chunks []lint.Span) (why string, at lint.Span) {
	for i, c := range chunks {
		if i == len(chunks)-1 || !mayBeOpen(text[c.Start:c.End]) {
			continue
		}
		if at, open := openAt(text[c.Start:chunks[len(chunks)-1].End], c.End-c.Start); open {
			line := 1 + strings.Count(strings.TrimRight(text[:c.End], "\r\n"), "\n")
			return fmt.Sprintf("has a statement that %s cuts at the semicolon in line %d, inside of a body or literal, so PostgreSQL refuses it; put -- %s StatementBegin in front of it and -- %s StatementEnd behind it", tool, line, mark, mark),
				lint.Span{Start: c.Start + at, End: c.End}
		}
	}
	return "", lint.Span{}
}

// refuteCuts reads both branches' folder as files that are sent whole where a migration that
// has run is one that the tool would have cut within a body: then something else runs them,
// which has taken the tool's form. It says so; "" where no file shows it, or a person has told.
func refuteCuts(base, head *Folder) (assumed string) {
	if base == nil || head.Habits != (Habits{}) {
		return ""
	}
	i := slices.IndexFunc(base.steps, func(s step) bool {
		return s.cut && slices.ContainsFunc(head.steps, func(now step) bool { return now.cut && now.name == s.name }) // it is not repaired
	})
	if i < 0 {
		return ""
	}
	proof, _, _ := strings.Cut(base.steps[i].refused, ", so PostgreSQL")
	for _, f := range []*Folder{base, head} {
		f.sendWhole()
	}
	return fmt.Sprintf("its files were sent whole, each in a transaction: %s on the base %s, so it is not %s that runs them; %s confirms that", base.steps[i].file(), proof, head.Tool, head.Place.Line(head.Dir, "send: "+InFile))
}

// sendWhole sends the files of a folder as they are, those that are refused because of a cut
// among them.
func (f *Folder) sendWhole() {
	f.Habits.Send = InFile
	for i := range f.steps {
		s := &f.steps[i]
		if !s.cut {
			f.applyHabitsTo(s)
			continue
		}
		again := f.reread(s, s.raw)
		s.text, s.chunks, s.tx, s.down, s.refused, s.cut = again.text, again.chunks, again.tx, again.down, again.refused, false
		f.problems = slices.DeleteFunc(f.problems, func(p problem) bool { return p.Rule == rules.FileUnreadable.ID && p.Path == s.path })
	}
}

// refuseCut refuses a step with a statement that its tool cuts within, unless a person has
// said how the files are sent.
func (f *Folder) refuseCut(s *step, at lint.Span, why string) bool {
	if why == "" || f.Habits.sends(f.Tool) != "" {
		return false
	}
	f.refuse(s, at, why)
	s.cut = true
	return true
}

// mayBeOpen tells without the scanner that most statements are whole.
func mayBeOpen(chunk string) bool {
	return strings.Contains(chunk, "$") || strings.Contains(chunk, "/*") || strings.Count(chunk, "'")%2 == 1 ||
		strings.Contains(strings.ToUpper(chunk), "ATOMIC")
}

// openAt tells whether something that begins in front of a place in a text ends behind it,
// and where its statement begins.
func openAt(text string, place int) (start int, open bool) {
	tokens, err := lint.Scan(text)
	if err != nil {
		return 0, false
	}
	first := slices.IndexFunc(tokens, func(t *pg.ScanToken) bool { return !isCommentToken(t) || int(t.End) > place })
	if first < 0 {
		return 0, false
	}
	behind := slices.IndexFunc(tokens, func(t *pg.ScanToken) bool { return int(t.End) > place })
	if behind < 0 {
		return 0, false
	}
	if int(tokens[behind].Start) < place {
		return int(tokens[first].Start), true
	}
	return int(tokens[first].Start), inAtomicBody(tokens[first:behind]) && slices.ContainsFunc(tokens[behind:], func(t *pg.ScanToken) bool { return t.Token == pg.Token_END_P })
}

// inAtomicBody tells whether tokens end inside of BEGIN ATOMIC … END.
func inAtomicBody(tokens []*pg.ScanToken) bool {
	depth := 0
	for i, t := range tokens {
		switch {
		case t.Token == pg.Token_ATOMIC && i > 0 && tokens[i-1].Token == pg.Token_BEGIN_P:
			depth++
		case t.Token == pg.Token_CASE && depth > 0:
			depth++
		case t.Token == pg.Token_END_P && depth > 0:
			depth--
		}
	}
	return depth > 0
}

func isCommentToken(t *pg.ScanToken) bool {
	return t.Token == pg.Token_SQL_COMMENT || t.Token == pg.Token_C_COMMENT
}
