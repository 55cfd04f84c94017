package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var copyWithoutRows = &lint.Rule{
	ID: holdsRows, Group: lint.GroupMeta, Severity: lint.Error,
	On:    facts.Filled,
	Title: "COPY … FROM STDIN waits for rows that the migration tool does not send",
	Why: "The rows behind `COPY … FROM stdin;`, as pg_dump writes them, are not SQL: a client has to send them in messages of their own. psql and Flyway do; " +
		"other migration tools send the whole text as SQL, and PostgreSQL refuses the first row as a syntax error, or waits for rows that never come.\n\n" +
		"https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY",
	Fix:      "Write `INSERT` (`pg_dump --inserts` does), or load the rows outside of migrations.",
	Explains: []string{"42601", "57014"},
	Check: func(p *lint.Pass) {
		if wantsRows(p.Statement) && !p.Tried() {
			p.Reportf(0, "COPY reads rows from the client, and %s sends none; write INSERT", toolName(p))
		}
	},
}
