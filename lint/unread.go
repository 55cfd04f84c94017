package lint

import (
	"slices"
	"strings"
)

// How much of a file is parsed. The text behind it runs, and no rule reads it. Both
// limits are far above what people write.
const (
	maxParsedBytes      = 10 << 20
	maxParsedStatements = 10_000
)

// Why a part of a file is not parsed.
const (
	tooLong    = "the file is too long"
	muchBefore = "what is before it is as much SQL as migvet reads in one run"
)

// RestNotLinted is about files that are too long to be read to their end.
var RestNotLinted = &Rule{
	ID: "rest-not-linted", Group: GroupMeta, Severity: Notice,
	Title: "The rest of a very long migration was not linted",
	Why: "Of a file with more than 10,000 statements, or more than 10 MiB, rules read the beginning. `migvet check` runs all of it, what is behind in one piece, and names the line that is refused there; `migvet lint` cannot say what is in it, and exits with status 3. " +
		"Files of this size hold rows; a mistake in the schema is hard to see in them, for people too.",
	Fix: "Load rows outside of migrations, or move them into a migration of their own.",
}

// appendUnparsed appends text[start:] as one statement that is not parsed.
func appendUnparsed(parsed []*Statement, text string, start int, why string) []*Statement {
	if strings.TrimSpace(text[start:]) == "" {
		return parsed
	}
	end := len(strings.TrimRight(text, " \t\r\n"))
	return append(parsed, &Statement{
		Start: start, End: end, SQL: text[start:end], Rest: true, Unread: true,
		ParseError: &ParseError{Message: why, Offset: start},
	})
}

// PartStart returns where in SQL the n-th statement of a Rest begins, counted from 0. Of
//
//	INSERT INTO t VALUES (1); INSERT INTO t VALUES (1);
//
// the server says that it finished one and refused the next. There is none where it
// finished all, and refused at their end.
func (s *Statement) PartStart(n int) (at int, found bool) {
	clean, _ := scannablePart(blankMark(s.SQL))
	for ; ; n -= maxParsedStatements {
		parts := splitter{most: maxParsedStatements}
		if _, err := eachWindow(clean[at:], scanWindow, parts.window); err == nil && !parts.full {
			parts.flush()
		}
		switch {
		case n < len(parts.pieces):
			return at + parts.pieces[n].Start, true
		case n == len(parts.pieces) && parts.open:
			return at + parts.current.Start, true
		case !parts.full:
			return 0, false
		}
		at += parts.current.Start
	}
}

// unreadRests reports where in long migrations the rules stop reading.
func unreadRests(migrations []*Migration, o Options) []*Finding {
	var found []*Finding
	for _, m := range migrations {
		statements := m.Statements()
		i := slices.IndexFunc(statements, func(s *Statement) bool { return s.Rest })
		if i < 0 {
			continue
		}
		s, ran := statements[i], "neither linted nor run"
		if o.Observed.Effect(s) != nil {
			ran = "run and not linted"
		}
		f := RestNotLinted.AtStatement(m, s, s.ParseError.Message+": what follows from here was "+ran+"; move rows out of migrations")
		found = append(found, &f)
	}
	return found
}

// Unread returns the statements that no rule has read for their size or shape,
// and that no server has run: nobody knows what they do.
func (m *Migration) Unread(o *Observed) []*Statement {
	var unread []*Statement
	for _, s := range m.Statements() {
		if s.Unread && o.Effect(s) == nil {
			unread = append(unread, s)
		}
	}
	return unread
}
