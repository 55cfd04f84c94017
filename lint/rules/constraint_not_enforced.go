package rules

import (
	"regexp"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

var constraintNotEnforced = &lint.Rule{
	ID: "constraint-not-enforced", Group: lint.GroupData, Severity: lint.Warning,
	Title: "A constraint is written down and not checked",
	Why: "`NOT ENFORCED` (PostgreSQL 18) adds a `CHECK` or foreign key that PostgreSQL never asks: any row comes in, and no `ON DELETE` happens. It looks like a constraint in every diagram and in `\\d`. Older servers refuse the syntax (`42601`).\n\n" +
		"https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-ENFORCED",
	Fix: "Leave `NOT ENFORCED` out. To keep old rows from being checked, add it `NOT VALID`: new rows are checked then. A foreign key can be switched on later, which reads the table: `ALTER CONSTRAINT … ENFORCED`.",
	Check: func(p *lint.Pass) {
		if p.Node() != nil {
			return // the parser knows no NOT ENFORCED
		}
		if at := notEnforced.FindStringIndex(withoutStrings(p.Statement.SQL)); at != nil {
			p.Reportf(int32(at[0]), "the constraint is never checked, for no row; leave NOT ENFORCED out, or add it NOT VALID, which checks new rows")
		}
	},
}

var notEnforced = regexp.MustCompile(`(?i)\bnot\s+enforced\b`)

// withoutStrings blanks out strings, quoted names and comments, so that every
// offset stays true.
func withoutStrings(sql string) string {
	tokens, err := lint.Scan(sql)
	if err != nil {
		return ""
	}
	text := []byte(sql)
	for _, t := range tokens {
		quoted := t.Token == pg.Token_IDENT && sql[t.Start] == '"'
		if !quoted && t.Token != pg.Token_SCONST && t.Token != pg.Token_SQL_COMMENT && t.Token != pg.Token_C_COMMENT {
			continue
		}
		for i := t.Start; i < t.End; i++ {
			text[i] = ' '
		}
	}
	return string(text)
}
