package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
)

// Of a base in which every file has the words that most migrations have, only
// those are read that are about what the review names.
func TestRelevantMigrations(t *testing.T) {
	const everyday = "SET lock_timeout = '2s'; CREATE TABLE other (id bigint PRIMARY KEY, at timestamptz DEFAULT now()); GRANT SELECT ON other TO app"
	long := strings.Repeat("ä", 40)
	tests := []struct {
		name, base, review string
		isRead             bool // the base, besides the everyday file
		allRead            bool
	}{
		{"a table", "CREATE TABLE t ()", "SET lock_timeout = '2s'; ALTER TABLE t ADD at timestamptz DEFAULT now()", true, false},
		{"another table", "CREATE TABLE x ()", "ALTER TABLE t ADD n bigint DEFAULT lower('A')::int", false, false},
		{"a function of its own", "CREATE FUNCTION later() RETURNS int LANGUAGE sql AS 'SELECT 1'", "ALTER TABLE t ADD n int DEFAULT later()", true, false},
		{"a role", "CREATE TABLE t ()", "GRANT SELECT ON t TO app", true, false},
		{"a name without a word", `CREATE TABLE "!" ()`, `ALTER TABLE "!" ADD n int`, true, true},
		{"a name that PostgreSQL shortens", `CREATE TABLE "a ` + long + `" ()`, `ALTER TABLE "a ` + long + `" ADD n int`, true, true},
		{"U&", `CREATE TABLE U&"\0074" ()`, "ALTER TABLE t ADD n int", true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var read []string
			r := &lint.Rule{ID: "r", Severity: lint.Notice, Check: func(p *lint.Pass) {
				read = read[:0]
				for place, s := range p.Statements() {
					if place < p.Place()-len(p.Above()) {
						read = append(read, s.SQL)
					}
				}
			}}
			lint.Run([]*lint.History{onBase(2, tt.base, everyday, tt.review)}, nil, lint.Options{Rules: []*lint.Rule{r}})
			text := strings.Join(read, "; ")
			if strings.Contains(text, tt.base) != tt.isRead || strings.Contains(text, "other") != tt.allRead {
				t.Errorf("read %s", text)
			}
		})
	}
}

// However long the way is from a name to what it comes from, it is gone to the end.
func TestRelevantChain(t *testing.T) {
	sqls := []string{"CREATE DOMAIN d0 AS text", "CREATE DOMAIN other AS text"}
	for i := 1; i < 30; i++ {
		sqls = append(sqls, fmt.Sprintf("CREATE DOMAIN d%d AS d%d", i, i-1))
	}
	slices.Reverse(sqls)
	read := 0
	r := &lint.Rule{ID: "r", Severity: lint.Notice, Check: func(p *lint.Pass) { read = p.Place() - 1 }}
	lint.Run([]*lint.History{onBase(len(sqls), append(sqls, "CREATE TABLE t (n d29)")...)}, nil, lint.Options{Rules: []*lint.Rule{r}})
	if read != 30 {
		t.Errorf("%d migrations of the base are read, want 30", read)
	}
}
