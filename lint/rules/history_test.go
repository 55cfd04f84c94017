package rules_test

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
)

// A table is known however many statements ago it was made.
func TestRulesSeeTheWholeHistory(t *testing.T) {
	base := migration("base.sql", "CREATE TABLE counts (n int);\n"+strings.Repeat("SELECT 1;\n", 1001))
	change := migration("change.sql", "ALTER TABLE counts ALTER COLUMN n SET DEFAULT 'x';")
	history := &lint.History{Dir: "migrations", Base: []*lint.Migration{base}, New: []*lint.Migration{change}}
	for _, f := range lint.Run([]*lint.History{history}, nil, options("default-invalid")) {
		if f.Rule == "default-invalid" {
			return
		}
	}
	t.Error("default-invalid does not know the type of counts.n")
}
