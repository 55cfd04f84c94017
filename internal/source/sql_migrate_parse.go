package source

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
)

// sqlMigrateUp does what sql-migrate's parser does: line by line, a statement
// ends where the last word of a line ends with a semicolon, unless it stands
// between StatementBegin and StatementEnd. All files are parsed before the
// first one runs.
// https://github.com/rubenv/sql-migrate/blob/v1.8.1/sqlparse/sqlparse.go
func sqlMigrateUp(f *Folder, s *step) {
	p := sqlMigrateParser{text: s.text}
	for line := range textLines(s.text) {
		if p.line(line); p.wrong != "" {
			break
		}
	}
	p.finish()
	if p.wrong != "" {
		f.refuseAll(s, p.at, p.wrong)
		return
	}
	if why, at := cutWithin("sql-migrate", "+migrate", s.text, p.up.chunks); f.refuseCut(s, at, why) {
		return
	}
	if p.down.seen {
		whole := *s
		s.down = func() *step {
			back := whole
			if f.Habits.sends(f.Tool) == "" {
				back.refused, _ = cutWithin("sql-migrate", "+migrate", back.text, p.down.chunks)
			}
			p.down.keep(&back)
			return &back
		}
	}
	p.up.keep(s)
}

// A sqlMigrateSection is all that runs in one direction.
type sqlMigrateSection struct {
	seen   bool
	kept   []lint.Span
	chunks []lint.Span
	tx     lint.TxMode
}

func (section *sqlMigrateSection) keep(s *step) {
	s.tx, s.chunks = section.tx, section.chunks
	s.leave(section.kept)
}

type sqlMigrateParser struct {
	text     string
	up, down sqlMigrateSection
	in       *sqlMigrateSection // nil before the first one

	block bool // between StatementBegin and StatementEnd
	open  bool // a statement has begun
	begin int  // of it

	wrong string
	at    lint.Span
}

const sqlMigrateNoEnd = "has a statement without its semicolon at the end of a line, so sql-migrate refuses the whole folder"

func (p *sqlMigrateParser) line(at lint.Span) {
	line := strings.TrimRight(p.text[at.Start:at.End], "\r\n")
	switch {
	case strings.HasPrefix(line, "-- +"):
		p.command(line, at)
	case p.in == nil:
	case strings.HasPrefix(line, "-- "):
		// Dropped, also in the body of a function. Outside of one nothing depends
		// on that, and comments of migvet stay.
		if !p.block {
			p.in.kept = append(p.in.kept, at)
		}
	default:
		p.sql(line, at)
	}
}

func (p *sqlMigrateParser) sql(line string, at lint.Span) {
	p.in.kept = append(p.in.kept, at)
	if !p.open && strings.TrimSpace(line) != "" {
		p.open, p.begin = true, at.Start
	}
	if !p.block && endsStatement(line) {
		p.end(at.End)
	}
}

func (p *sqlMigrateParser) command(line string, at lint.Span) {
	rest, ours := strings.CutPrefix(line, "-- +migrate ")
	if !ours {
		return
	}
	words := strings.Fields(rest)
	if len(words) == 0 {
		p.fail(at, "has -- +migrate without a command, so sql-migrate refuses the whole folder")
		return
	}
	switch words[0] {
	case "Up":
		p.enter(&p.up, words[1:], at)
	case "Down":
		p.enter(&p.down, words[1:], at)
	case "StatementBegin":
		p.block = p.in != nil
	case "StatementEnd":
		if p.block {
			p.block = false
			p.end(at.Start)
		}
	}
}

func (p *sqlMigrateParser) enter(section *sqlMigrateSection, options []string, at lint.Span) {
	if p.open {
		p.fail(lint.Span{Start: p.begin, End: at.Start}, sqlMigrateNoEnd)
		return
	}
	p.in, section.seen = section, true
	if slices.Contains(options, "notransaction") {
		section.tx = lint.TxNone
	}
}

func (p *sqlMigrateParser) end(at int) {
	if p.open {
		p.in.chunks = append(p.in.chunks, lint.Span{Start: p.begin, End: at})
	}
	p.open = false
}

func (p *sqlMigrateParser) finish() {
	switch {
	case p.wrong != "":
	case p.block:
		p.fail(wholeFile, "has a StatementBegin without its StatementEnd, so sql-migrate refuses the whole folder")
	case p.in == nil:
		p.fail(wholeFile, "has no -- +migrate Up, so sql-migrate refuses the whole folder")
	case p.open:
		p.fail(lint.Span{Start: p.begin, End: len(p.text)}, sqlMigrateNoEnd)
	}
}

func (p *sqlMigrateParser) fail(at lint.Span, why string) { p.wrong, p.at = why, at }
