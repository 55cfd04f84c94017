package rules

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
)

func TestCommandStarts(t *testing.T) {
	tests := []struct {
		sql  string
		want []string
	}{
		{"ALTER TABLE t DROP COLUMN a", []string{"DROP"}},
		{"ALTER TABLE IF EXISTS ONLY public . t ADD a numeric(3,2), ALTER b SET NOT NULL", []string{"ADD", "ALTER"}},
		{"ALTER TABLE ONLY (t) DROP a, DROP b", []string{"DROP a", "DROP b"}},
		{"ALTER TABLE t * ADD a int[] DEFAULT ARRAY[1,2], -- x, y\n DROP b", []string{"ADD", "DROP"}},
		{`ALTER TABLE "a.b,c" /* , */ ADD UNIQUE (x, y), VALIDATE CONSTRAINT z`, []string{"ADD", "VALIDATE"}},
	}
	for _, test := range tests {
		statements, _ := lint.Parse(test.sql)
		commands := alterCommands(statements[0])
		if len(commands) != len(test.want) {
			t.Errorf("%s: %d commands", test.sql, len(commands))
			continue
		}
		for i, c := range commands {
			rest := test.sql[c.location:]
			if !strings.HasPrefix(rest, test.want[i]) {
				t.Errorf("%s: command %d begins at %q, want %q", test.sql, i, rest, test.want[i])
			}
		}
	}
}
