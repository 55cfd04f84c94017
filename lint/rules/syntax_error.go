package rules

import (
	"fmt"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/newer"
)

var syntaxError = &lint.Rule{
	ID: "syntax-error", Group: lint.GroupMeta, Severity: lint.Error,
	Title: "A statement does not parse",
	Why: `The parser has PostgreSQL 16's grammar. What 17, 18 and 19 added to statements that migrations use is read by it all the same, and refused by older servers: the message then says which version knows it.
A statement that no rule has read is an error where no version can take it: its brackets do not match, a comma is missing, a keyword is misspelt. It is a notice where an unknown word in a known statement may be syntax that is newer still.
When a server refuses the statement as well, it is broken.`,
	Fix:      "Correct the statement, or run `migvet check`, which tries it on the PostgreSQL version you name.",
	Explains: []string{"42601"},
	Check: func(p *lint.Pass) {
		s := p.Statement
		switch {
		case p.Tried():
		case s.ParseError == nil:
			checkTooNew(p)
		case whyNotSQL(p) == "" && !isCutShort(p):
			checkUnparsed(p)
		}
	},
}

func isCutShort(p *lint.Pass) bool {
	_, _, cut := cutShort(p)
	return cut
}

// checkTooNew is about syntax that is read, and that the version has not.
func checkTooNew(p *lint.Pass) {
	latest := newer.Latest(p.Statement.Newer)
	if latest == nil || p.Postgres() == 0 || p.Postgres() >= latest.Since() {
		return
	}
	if e := p.Effect(); e != nil && e.Err.SQLState == "42601" {
		f := p.Reportf(int32(refusedAt(p, e, latest.Start)), "%s; %s", e.Err.Message, knownBy(latest))
		p.Measured(f, "%s", e.Err)
		return
	}
	if p.Effect() == nil {
		p.Reportf(int32(latest.Start), "PostgreSQL %d refuses this; %s", p.Postgres(), knownBy(latest))
	}
}

// knownBy names the version that takes a construct, and how to say that production has it.
func knownBy(c *newer.Construct) string {
	return fmt.Sprintf("PostgreSQL %d knows %s: if production has that, write postgres: %d in .migvet.yml, or --postgres %d", c.Since(), c.Kind, c.Since(), c.Since())
}

// refusedAt is where the server stopped reading, in bytes from the start of the statement.
func refusedAt(p *lint.Pass, e *lint.Effect, otherwise int) int {
	if e.Err.Offset != lint.NoPos {
		return e.Err.Offset - p.Statement.Start
	}
	return otherwise
}

// checkUnparsed is about a statement that no rule has read.
func checkUnparsed(p *lint.Pass) {
	s := p.Statement
	at := s.ParseError.Offset - s.Start
	if e := p.Effect(); e != nil && e.Err.SQLState == "42601" && strings.HasPrefix(s.ParseError.Message, "syntax error") {
		f := p.Reportf(int32(refusedAt(p, e, at)), "%s; %s", e.Err.Message, wayOfRefused(p))
		p.Measured(f, "%s", e.Err)
		return
	}
	mistake := s.Mistake()
	switch {
	case !s.Unread && mistake == s.ParseError.Message:
		p.Reportf(int32(at), "this statement was not linted: %s; correct it", s.ParseError.Message)
	case s.Unread:
		p.Reportf(int32(at), "this statement was not linted: %s; correct it, or try it with migvet check on a PostgreSQL that knows it", s.ParseError.Message)
	case mistake != "":
		p.Reportf(int32(at), "this statement was not linted: %s: %s; correct it", s.ParseError.Message, mistake)
	default:
		f := p.Reportf(int32(at), "this statement was not linted: %s, which may be newer than the parser (PostgreSQL 16%s); try it with migvet check on a PostgreSQL that knows it", s.ParseError.Message, alsoNewer(s))
		f.Severity = lint.Notice
	}
}

// wayOfRefused is what helps against a refusal: another version, or other words.
func wayOfRefused(p *lint.Pass) string {
	if latest := newer.Latest(p.Statement.Newer); latest != nil && latest.Since() > p.Postgres() {
		return knownBy(latest)
	}
	if mistake := p.Statement.Mistake(); mistake != "" && mistake != p.Statement.ParseError.Message {
		return mistake + "; correct it"
	}
	return "correct it, or name the PostgreSQL version that production has (postgres in .migvet.yml, --postgres)"
}

// alsoNewer names what of a statement is known to be newer.
func alsoNewer(s *lint.Statement) string {
	latest := newer.Latest(s.Newer)
	if latest == nil {
		return ""
	}
	return fmt.Sprintf("; %d knows %s", latest.Since(), latest.Kind)
}
