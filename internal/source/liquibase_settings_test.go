package source

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestLiquibaseSchemas reads what a project's commands tell Liquibase of schemas.
func TestLiquibaseSchemas(t *testing.T) {
	const first = "--changeset a:0\nCREATE SCHEMA live;\n"
	for _, c := range []struct{ name, file, text, sql, table, path string }{
		{"a list of arguments", "docker-compose.yml", "services:\n  migrate:\n    command:\n      - --defaultSchemaName=live\n      - --liquibaseSchemaName=public\n      - update\n", "", `"public"."databasechangelog"`, `"live", "$user", public`},
		{"a line that goes on", "justfile", "migrate:\n  liquibase --url=x \\\n    --defaultSchemaName=live \\\n    update\n", "", `"live"."databasechangelog"`, `"live", "$user", public`},
		{"newer spelling, quoted", "Makefile", "up:\n\tliquibase update --default-schema-name \"Live\"\n", "", `"live"."databasechangelog"`, `"live", "$user", public`},
		{"a workflow's environment", ".github/workflows/deploy.yml", "env:\n  LIQUIBASE_COMMAND_DEFAULT_SCHEMA_NAME: live\n", "", `"live"."databasechangelog"`, `"live", "$user", public`},
		{"made by the first changeset", "Makefile", "up:\n\tliquibase --defaultSchemaName=live update\n", first, `"public"."databasechangelog"`, `"live", "$user", public`},
		{"of the deploy", "Makefile", "up:\n\tliquibase --defaultSchemaName=$(SCHEMA) update\n", "", `"public"."databasechangelog"`, ""},
		{"two that differ", "Makefile", "a:\n\tliquibase --defaultSchemaName=a update\nb:\n\tliquibase --defaultSchemaName=b update\n", "", `"public"."databasechangelog"`, ""},
		{"none", "Makefile", "up:\n\tliquibase update\n", "", `"public"."databasechangelog"`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := fstest.MapFS{
				"db/all.sql": {Data: []byte("--liquibase formatted sql\n" + c.sql + "--changeset a:1\nCREATE TABLE song (id int);\n")},
				c.file:       {Data: []byte(c.text)},
			}
			s := Review(nil, loadAt(t, tree, "db", "liquibase"), ReviewOptions{})
			if got := string(s.Runner.Table()); got != c.table {
				t.Errorf("the table is %s, want %s", got, c.table)
			}
			if s.SearchPath != c.path {
				t.Errorf("the search path is %s, want %s", s.SearchPath, c.path)
			}
			if made := strings.Contains(string(s.Runner.Setup()), "CREATE SCHEMA"); made != (c.path != "" && c.sql == "") {
				t.Errorf("the schema is made: %v", made)
			}
		})
	}
}

// TestLiquibaseExpressions asks for values of names, and takes JSON in a dollar quote for none.
func TestLiquibaseExpressions(t *testing.T) {
	const head = "db/all.sql: --liquibase formatted sql\n--property name:app.schema value:live\n--changeset a:1\n"
	for _, c := range []struct{ name, sql, sent, opaque string }{
		{"JSON", `INSERT INTO doc VALUES ($${"heading": "a"}$$)`, `INSERT INTO doc VALUES ($${"heading": "a"}$$)`, ""},
		{"JSON in a quote with a tag", `SELECT $json${"b": [1]}$json$`, `SELECT $json${"b": [1]}$json$`, ""},
		{"a property", "CREATE TABLE ${app.schema}.a (id int)", "CREATE TABLE live.a (id int)", ""},
		{"one that nobody gives", "CREATE TABLE ${other}.a (id int)", "", "replaces ${other} in it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := loaded(t, nil, head+c.sql+";\n").steps[0]
			if got := strings.Join(sent(s), "|"); got != c.sent || !strings.Contains(s.opaque, c.opaque) {
				t.Errorf("sent %q, %q", got, s.opaque)
			}
		})
	}
}
