package rules

import "github.com/migvet/migvet/lint"

var notAnalysed = &lint.Rule{
	ID: "not-analysed", Group: lint.GroupMeta, Severity: lint.Notice,
	Title:    "A statement was judged by observation alone",
	Why:      "The server accepts the statement but the parser (PostgreSQL 16's grammar) does not know it. What it locked, rewrote, scanned and dropped was observed; rules that read the SQL text did not run.",
	Fix:      "Nothing has to change; read what the trial saw.",
	Measured: true,
	Check: func(p *lint.Pass) {
		s := p.Statement
		if s.ParseError == nil || s.Rest || !p.Tried() {
			return
		}
		f := p.Reportf(0, "PostgreSQL %s accepts this statement, the parser does not (%s); it was judged by what it did", p.Effect().Postgres, s.ParseError.Message)
		p.Measured(f, "%s", p.Effect())
	},
}
