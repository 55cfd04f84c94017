package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// breakpoint is the text at which Drizzle splits a file, wherever it stands.
const breakpoint = "--> statement-breakpoint"

// A cut is a piece of SQL that a breakpoint has parted.
type cut struct {
	inside string // what was parted: "a string"
	text   string
}

// cutShort returns what a breakpoint has cut on either side of a statement
// that does not parse. told is set when the statement on the other side, which
// comes first, reports it.
func cutShort(p *lint.Pass) (c cut, told, found bool) {
	if p.Statement.ParseError == nil {
		return c, false, false
	}
	if c, found := cutAt(p.Migration, p.Statement.Chunk); found {
		return c, false, true
	}
	before := p.Statement.Chunk - 1
	c, found = cutAt(p.Migration, before)
	told = slices.ContainsFunc(p.Migration.Sent(before), func(s *lint.Statement) bool { return s.ParseError != nil })
	first := p.Migration.Sent(p.Statement.Chunk)[0]
	return c, told, found && first == p.Statement
}

// cutAt tells what the breakpoint at the end of a chunk cuts.
func cutAt(m *lint.Migration, chunk int) (cut, bool) {
	if chunk < 0 || chunk >= len(m.Chunks) || !strings.HasPrefix(m.Source[m.Chunks[chunk].End:], breakpoint) {
		return cut{}, false
	}
	at := m.Chunks[chunk].End
	parted, ok := m.Parted(chunk)
	if !ok {
		return cut{}, false
	}
	c := cut{text: m.Source[parted.Start:parted.End]}
	switch {
	case parted.Token == pg.Token_SQL_COMMENT:
		c.inside = "its line"
		return c, strings.TrimSpace(m.Source[at+len(breakpoint):parted.End]) != ""
	case parted.Token == pg.Token_C_COMMENT:
		c.inside = "a comment"
	case strings.HasPrefix(c.text, "$"):
		c.inside = "a $$ body"
	default:
		c.inside = "a string"
	}
	return c, true
}

// isPulledBaseline tells the comment into which drizzle-kit pull writes what
// it found.
func (c cut) isPulledBaseline(source string) bool {
	return c.inside == "a comment" && strings.Contains(source, "introspecting the database")
}
