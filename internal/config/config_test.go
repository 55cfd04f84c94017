package config_test

import (
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

var known = []*lint.Rule{
	{ID: "column-dropped", Group: lint.GroupDrop},
	{ID: "index-not-concurrent", Group: lint.GroupLock},
	{ID: "table-dropped", Group: lint.GroupDrop},
}

const complete = `migrations:
  - dir: packages/db/drizzle
    tool: drizzle
  - dir: ./sql/
    placeholders: {schema: app, version: 3, empty: ""}
    history-table: ops.deploys
postgres: 16
role: superuser
stats: db/sizes.json
small-table: {rows: 10_000, size: 10 MB}
rules:
  index-not-concurrent: off
  table-dropped: notice
ignore-paths: ["legacy/**"]
accept:
  - rule: column-dropped
    path: drizzle/0012_*.sql
    reason: >
      nobody reads it
      since v2.3
fail-on: warning
`

func parse(t *testing.T, file, content string) *config.Config {
	t.Helper()
	c, err := config.Parse(file, []byte(content), known)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestParse(t *testing.T) {
	c := parse(t, ".migvet.yml", complete)
	folders := []config.Folder{{Dir: "packages/db/drizzle", Tool: "drizzle"}, {
		Dir: "sql", Placeholders: map[string]string{"schema": "app", "version": "3", "empty": ""}, HistoryTable: "ops.deploys",
	}}
	if !reflect.DeepEqual(c.Migrations, folders) {
		t.Errorf("Migrations = %v, want %v", c.Migrations, folders)
	}
	if c.Postgres != 16 || c.Role != config.Superuser || c.FailOn != "warning" {
		t.Errorf("postgres %d, role %s, fail-on %s", c.Postgres, c.Role, c.FailOn)
	}
	if c.Stats != "db/sizes.json" || c.SmallTable != (lint.Size{Rows: 10_000, Bytes: 10 << 20}) {
		t.Errorf("stats %s, small-table %v", c.Stats, c.SmallTable)
	}
	severity := map[string]lint.Severity{"index-not-concurrent": lint.Off, "table-dropped": lint.Notice}
	if !maps.Equal(c.Severity(), severity) {
		t.Errorf("Severity() = %v, want %v", c.Severity(), severity)
	}
	if !c.IgnoresPath("legacy/a/b.sql") || c.IgnoresPath("drizzle/b.sql") {
		t.Error("IgnoresPath does not follow ignore-paths")
	}
}

func TestGroups(t *testing.T) {
	c := parse(t, ".migvet.yml", "rules: {table-dropped: error, drop: notice, lock: off}")
	want := map[string]lint.Severity{"column-dropped": lint.Notice, "table-dropped": lint.Error, "index-not-concurrent": lint.Off}
	if !maps.Equal(c.Severity(), want) {
		t.Errorf("Severity() = %v, want %v", c.Severity(), want)
	}
}

func TestParseWithoutContent(t *testing.T) {
	for name, content := range map[string]string{
		"empty":          "",
		"comment":        "# nothing yet\n",
		"marker":         "---\n",
		"byte order":     "\ufeff",
		"commented out":  "rules:\n#  column-dropped: off\naccept:\nmigrations:\nignore-paths: ~\n",
		"explicit empty": "{rules: {}, accept: []}",
	} {
		t.Run(name, func(t *testing.T) {
			c := parse(t, ".migvet.yml", content)
			if c.Role != config.Owner || c.FailOn != "" || c.Postgres != 0 {
				t.Errorf("role %s, fail-on %s, postgres %d are no defaults", c.Role, c.FailOn, c.Postgres)
			}
			if len(c.Severity()) != 0 || len(c.Migrations) != 0 || c.IgnoresPath("a.sql") {
				t.Errorf("%+v is not empty", c)
			}
		})
	}
}

func TestFailOn(t *testing.T) {
	for _, word := range []string{"error", "warning", "notice", "never"} {
		if c := parse(t, ".migvet.yml", "fail-on: "+word); c.FailOn != word {
			t.Errorf("fail-on: %s gives %s", word, c.FailOn)
		}
	}
}

func TestAccept(t *testing.T) {
	c := parse(t, ".migvet.yml", complete)
	findings := []lint.Finding{
		{Rule: "column-dropped", Path: "drizzle/0012_x.sql"},
		{Rule: "table-dropped", Path: "drizzle/0012_x.sql"},
		{Rule: "column-dropped", Path: "drizzle/0013_x.sql"},
		{Rule: "column-dropped", Path: "drizzle/0012_y.sql", Accepted: "said in the file"},
		{Rule: "table-dropped", Path: "other.sql", Accepted: "said in the file"},
	}
	kept, accepted := c.Accept(findings)
	if len(kept) != 2 || kept[0].Rule != "table-dropped" || kept[1].Path != "drizzle/0013_x.sql" {
		t.Errorf("kept %v", kept)
	}
	var reasons []string
	for _, f := range accepted {
		reasons = append(reasons, f.Accepted)
	}
	want := []string{"nobody reads it since v2.3", "said in the file", "said in the file"}
	if !slices.Equal(reasons, want) {
		t.Errorf("accepted with %q, want %q", reasons, want)
	}
	if findings[0].Accepted != "" {
		t.Error("Accept changed its argument")
	}
}

func TestPathsStartFromTheFile(t *testing.T) {
	c := parse(t, "packages/db/.migvet.yml", complete)
	if got := c.Migrations[1].Dir; got != "packages/db/sql" {
		t.Errorf("dir is %s", got)
	}
	if c.IgnoresPath("legacy/a.sql") || !c.IgnoresPath("packages/db/legacy/a.sql") {
		t.Error("ignore-paths do not start from the file's directory")
	}
	inside := lint.Finding{Rule: "column-dropped", Path: "packages/db/drizzle/0012_x.sql"}
	outside := lint.Finding{Rule: "column-dropped", Path: "drizzle/0012_x.sql"}
	kept, accepted := c.Accept([]lint.Finding{inside, outside})
	if len(kept) != 1 || kept[0].Path != outside.Path || len(accepted) != 1 {
		t.Errorf("kept %v, accepted %v", kept, accepted)
	}
	if c := parse(t, "/etc/migvet/shared.yml", complete); c.Migrations[1].Dir != "sql" {
		t.Errorf("outside the repository, dir is %s", c.Migrations[1].Dir)
	}
}

func TestParseProblems(t *testing.T) {
	tests := []struct{ name, content, want string }{
		{"unknown key", "postgre: 16\n", `c.yml:1:1: unknown key "postgre"; did you mean "postgres"?`},
		{"far key", "a: b\n\nwhatsoever: 1", `c.yml:1:1: unknown key "a"
c.yml:3:1: unknown key "whatsoever"`},
		{"unknown rule", "rules:\n  colum-dropped: off", `c.yml:2:3: unknown rule "colum-dropped"; did you mean "column-dropped"?`},
		{"unknown severity", "rules:\n  column-dropped: warn", `c.yml:2:19: unknown severity "warn"; use error, warning, notice or off`},
		{"severity is case sensitive", "rules: {column-dropped: Error}", `c.yml:1:25: unknown severity "Error"; did you mean "error"?`},
		{"severity is a list", "rules:\n  column-dropped: [off]", `c.yml:2:19: severity is text, not a list`},
		{"unknown group", "rules: {drops: off}", `c.yml:1:9: unknown rule "drops"; did you mean "drop"?`},
		{"group twice", "rules:\n  drop: off\n  drop: error", `c.yml:3:3: key "drop" is already on line 2`},
		{"accepted group", "accept:\n  - {rule: drop, path: a.sql, reason: x}", `c.yml:2:12: unknown rule "drop"`},
		{"severity is missing", "rules:\n  column-dropped:", `c.yml:2:18: severity is text, not nothing`},
		{"rules is a list", "rules:\n  - column-dropped", `c.yml:2:3: rules is a mapping, not a list`},
		{"duplicate key", "postgres: 16\nrole: owner\npostgres: 17", `c.yml:3:1: key "postgres" is already on line 1`},
		{"duplicate rule", "rules:\n  column-dropped: off\n  column-dropped: error", `c.yml:3:3: key "column-dropped" is already on line 2`},
		{"postgres too old", "postgres: 9.6", `c.yml:1:11: postgres is a major version from 14 to 19, not "9.6"`},
		{"postgres too new", "postgres: 20", `c.yml:1:11: postgres is a major version from 14 to 19, not "20"`},
		{"postgres minor", "postgres: 16.2", `c.yml:1:11: postgres is a major version from 14 to 19, not "16.2"`},
		{"postgres is a mapping", "postgres: {version: 16}", `c.yml:1:11: postgres is text, not a mapping`},
		{"unknown role", "role: root", `c.yml:1:7: unknown role "root"; use owner or superuser`},
		{"stats outside", "stats: /etc/passwd", `c.yml:1:8: stats "/etc/passwd": paths are relative to the directory of this file and stay below it`},
		{"small-table is a number", "small-table: 100", `c.yml:1:14: small-table is a mapping, not "100"`},
		{"max-lock-timeout without a number", "max-lock-timeout: long", `c.yml:1:19: max-lock-timeout is a time as PostgreSQL writes it, such as 5s, not "long"`},
		{"small-table is empty", "small-table: {}", `c.yml:1:14: small-table has neither rows nor size`},
		{"small-table with another key", "small-table: {row: 1}", `c.yml:1:15: unknown key "row"; did you mean "rows"?`},
		{"rows with a unit", "small-table: {rows: 10k}", `c.yml:1:21: rows is a number of rows, such as 10000, not "10k"`},
		{"negative rows", "small-table: {rows: -1}", `c.yml:1:21: rows is a number of rows, such as 10000, not "-1"`},
		{"size without a unit", "small-table: {size: 10}", `c.yml:1:21: size "10": write a number and kB, MB, GB or TB, such as 10MB`},
		{"size beyond measure", "small-table: {size: 99999999TB}", `c.yml:1:21: size "99999999TB": no table is that large`},
		{"fail-on off", "fail-on: warn", `c.yml:1:10: unknown fail-on "warn"`},
		{"unknown tool", "migrations:\n  - {dir: x, tool: drizle}", `c.yml:2:20: unknown tool "drizle"; did you mean "drizzle"?`},
		{"placeholder is a list", "migrations:\n  - {dir: x, placeholders: {a: [b]}}", `c.yml:2:32: the value of a placeholder is text, not a list`},
		{"placeholder is nothing", "migrations:\n  - {dir: x, placeholders: {a: }}", `c.yml:2:32: the value of a placeholder is text, not nothing`},
		{"placeholders are text", "migrations:\n  - {dir: x, placeholders: a}", `c.yml:2:28: placeholders is a mapping, not "a"`},
		{"history-table without a name", "migrations:\n  - {dir: x, history-table: ops.}", `c.yml:2:29: history-table "ops." is not the name of a table, such as schema_migrations or app.schema_migrations`},
		{"history-table of a database", "migrations:\n  - {dir: x, history-table: a.b.c}", `c.yml:2:29: history-table "a.b.c" is not the name of a table, such as schema_migrations or app.schema_migrations`},
		{"history-table is a list", "migrations:\n  - {dir: x, history-table: [a]}", `c.yml:2:29: history-table is text, not a list`},
		{"folder is a string", "migrations: [drizzle]", `c.yml:1:14: an item of migrations is a mapping, not "drizzle"`},
		{"folder is nothing", "migrations:\n  -", `c.yml:2:4: an item of migrations is a mapping, not nothing`},
		{"folders is a mapping", "migrations:\n  dir: x", `c.yml:2:3: migrations is a list, not a mapping`},
		{"folder without dir", "migrations:\n  - tool: plain", `c.yml:2:5: dir is missing`},
		{"folder twice", "migrations:\n  - dir: a\n  - dir: ./a/", `c.yml:3:5: dir "a" is listed twice`},
		{"folder outside", "migrations:\n  - dir: ../a", `c.yml:2:10: dir "../a": paths are relative to the directory of this file and stay below it`},
		{"folder absolute", "migrations:\n  - dir: /a", `c.yml:2:10: dir "/a": paths are relative to the directory of this file and stay below it`},
		{"malformed glob", "ignore-paths: ['a/[b']", `c.yml:1:16: a path to ignore "a/[b": the pattern is malformed: a [ without its ], or a \ at the end`},
		{"glob is a number of lists", "ignore-paths: [[a]]", `c.yml:1:16: a path to ignore is text, not a list`},
		{"one path is no list", "ignore-paths: legacy", `c.yml:1:15: ignore-paths is a list, not "legacy"`},
		{"accept without reason", "accept:\n  - rule: column-dropped\n    path: a.sql", `c.yml:2:5: reason is missing; an accepted finding has a rule, a path and a reason`},
		{"accept with blank reason", "accept:\n  - {rule: column-dropped, path: a.sql, reason: ' '}", `c.yml:2:49: reason is empty`},
		{"accept with empty path", "accept:\n  - {rule: column-dropped, path: '', reason: x}", `c.yml:2:34: path is empty`},
		{"accept with unknown key", "accept:\n  - {rule: column-dropped, paths: a, path: a, reason: x}", `c.yml:2:28: unknown key "paths"; did you mean "path"?`},
		{"key is a list", "? [a]\n: 1", `c.yml:1:3: a key is a word, not a list`},
		{"merge key", "<<: {postgres: 16}", `c.yml:1:1: unknown key "<<"`},
		{"alias", "ignore-paths: &a [x]\nmigrations: *a", `c.yml:2:13: migrations is a list, not an alias`},
		{"root is a list", "- postgres: 16", `c.yml:1:1: the configuration is a mapping, not a list`},
		{"second document", "postgres: 16\n---\npostgres: 17", `c.yml:2:1: a second document is not read; remove the line with ---`},
		{"control characters are quoted", "\"a\\n::error::b\": 1", `c.yml:1:1: unknown key "a\n::error::b"`},
		{"position in characters", "rules: {é: off, ü: off}", `c.yml:1:9: unknown rule "é"
c.yml:1:17: unknown rule "ü"`},
		{"all at once, in order", "fail-on: x\nrole: y\npostgres: z", "c.yml:1:10: \nc.yml:2:7: \nc.yml:3:11: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := config.Parse("c.yml", []byte(tt.content), known)
			if err == nil {
				t.Fatalf("no error, %+v", c)
			}
			want, got := strings.Split(tt.want, "\n"), strings.Split(err.Error(), "\n")
			if len(got) != len(want) {
				t.Fatalf("got\n%s\nwant\n%s", err, tt.want)
			}
			for i := range want {
				if !strings.HasPrefix(got[i], want[i]) {
					t.Errorf("got\n%s\nwant\n%s", got[i], want[i])
				}
			}
		})
	}
}

func TestParseRefusesWhatIsNotYAML(t *testing.T) {
	for content, want := range map[string]string{
		"rules: [a\n":    "c.yml:1:8: not YAML: while parsing a flow sequence",
		"a: b: c\n":      "c.yml:1:5: not YAML: mapping values are not allowed",
		"a:\n\t- b\n":    "c.yml:2:1: not YAML: while scanning for the next token: found character that cannot start any token; indent with spaces instead of tabs",
		"a: *b\n":        "c.yml:1:4: not YAML: unknown anchor",
		"postgres: \xff": "c.yml: not YAML: invalid leading UTF-8",
		"postgres: \x00": "c.yml: not YAML: control characters",
	} {
		_, err := config.Parse("c.yml", []byte(content), known)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", content, err, want)
		}
	}
}

func TestParseIsBounded(t *testing.T) {
	_, err := config.Parse("c.yml", []byte("x"+strings.Repeat("y", 5000)+": 1"), known)
	if err == nil || len(err.Error()) > 200 {
		t.Errorf("a long key is repeated in full: %.300v", err)
	}
	var many strings.Builder
	for range 1000 {
		many.WriteString("- x\n")
	}
	_, err = config.Parse("c.yml", []byte("accept:\n"+many.String()), known)
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 51 || lines[50] != "c.yml: and 950 more" {
		t.Errorf("%d lines, the last is %q", len(lines), lines[len(lines)-1])
	}
}

// What people copy must work, with the rules there are.
func TestReadmeExample(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(readme), "```yaml\n# .migvet.yml\n")
	example, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("README.md has no block that starts with # .migvet.yml")
	}
	c, err := config.Parse("README.md", []byte(example), rules.All())
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Migrations) != 1 || c.Postgres == 0 || len(c.Severity()) == 0 || !c.IgnoresPath("legacy/a.sql") {
		t.Errorf("the example leaves something out: %+v", c)
	}
}
