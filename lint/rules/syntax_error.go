package rules

import (
	"strings"

	"github.com/migvet/migvet/lint"
)

var syntaxError = &lint.Rule{
	ID: "syntax-error", Group: lint.GroupMeta, Severity: lint.Error,
	Title: "A statement does not parse",
	Why: `The parser (PostgreSQL 16's grammar) does not know the statement, so no rule has read it.
When the server refuses it as well, it is broken. Without a server nobody can tell it from syntax that is newer than the parser.`,
	Fix:      "Correct the statement, or run `migvet check`, which tries it on the PostgreSQL version you name.",
	Explains: []string{"42601"},
	Check: func(p *lint.Pass) {
		s := p.Statement
		if s.ParseError == nil || p.Tried() || whyNotSQL(p) != "" {
			return
		}
		if _, _, cut := cutShort(p); cut {
			return
		}
		if e := p.Effect(); e != nil && e.Err.SQLState == "42601" && strings.HasPrefix(s.ParseError.Message, "syntax error") {
			at := s.ParseError.Offset
			if e.Err.Offset != lint.NoPos {
				at = e.Err.Offset
			}
			f := p.Reportf(int32(at-s.Start), "%s; correct it, or name the PostgreSQL version that production has (postgres in .migvet.yml, --postgres)", e.Err.Message)
			p.Measured(f, "%s", e.Err)
			return
		}
		p.Reportf(int32(s.ParseError.Offset-s.Start), "this statement was not linted: %s; correct it, or try it with migvet check on a PostgreSQL that knows it", s.ParseError.Message)
	},
}
