package rules

import (
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var defaultShared = &lint.Rule{
	ID: "default-shared", Group: lint.GroupDefault, Severity: lint.Notice,
	On:    facts.Made,
	Title: "All existing rows get one and the same value",
	Why: "A default such as `now()` or `CURRENT_USER` has one value for a whole statement. `ADD COLUMN` computes it once and gives it to every row that exists: " +
		"a `created_at` that says when the migration ran, an author who is the role that deploys. It costs nothing (the table is not rewritten), but the values look real and are not.",
	Fix: "If no value is known for old rows, say so:\n\n" +
		"```sql\nALTER TABLE tasks ADD COLUMN created_at timestamptz;\nALTER TABLE tasks ALTER COLUMN created_at SET DEFAULT now();\n```\n\nElse backfill what is known, or accept it with an ignore comment.",
	Check: func(p *lint.Pass) {
		for _, c := range columns(p) {
			if !existingRows(p, c) || replacedDefault(p, c) || c.expr == nil {
				continue
			}
			if v, function := volatilityOf(p, c.expr); v == facts.Stable && isPostgresFunction(function) {
				f := p.Reportf(c.defaultLocation(), "every row that %s holds gets the same %s, that of this migration; add the column without the default and set it afterwards if that is not true of old rows", tableName(c.table), facts.CallText(function))
				p.TellTogether(f, "the same "+facts.CallText(function)+" goes to", tableName(c.table)+"."+c.name)
			}
		}
	},
}

// isPostgresFunction tells whether a function is one of PostgreSQL's own: now, but not
// app.now.
func isPostgresFunction(function string) bool {
	_, known := facts.FunctionVolatility(function)
	return known && !strings.Contains(function, ".")
}
