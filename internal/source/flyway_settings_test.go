package source

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/migvet/migvet/internal/quote"
)

// What projects tell Flyway of schemas and of its table.
func TestFlywaySettings(t *testing.T) {
	const dir = "src/main/resources/"
	for _, c := range []struct{ name, file, text, schemas, table, path string }{
		{"nothing", dir + "application.yml", "spring:\n  flyway:\n    enabled: true\n", "", `"public"."flyway_schema_history"`, ""},
		{"Spring Boot, YAML", dir + "application.yml", "spring:\n  flyway:\n    schemas: app, audit\n    table: deploys\n", "app audit", `"app"."deploys"`, `"app", "$user", public`},
		{"a list", dir + "application.yaml", "spring:\n  flyway:\n    schemas:\n      - app\n      - audit\n", "app audit", `"app"."flyway_schema_history"`, `"app", "$user", public`},
		{"the default one", dir + "application.yml", "spring.flyway:\n  default-schema: audit\n  schemas: [app, audit]\n", "audit app", `"audit"."flyway_schema_history"`, `"audit", "$user", public`},
		{"profiles", dir + "application.yml", "spring:\n  flyway:\n    defaultSchema: app\n---\nspring:\n  flyway:\n    defaultSchema: other\n", "app", `"app"."flyway_schema_history"`, `"app", "$user", public`},
		{"properties", dir + "application.properties", "# spring.flyway.schemas=no\nspring.flyway.schemas=${DB_SCHEMA:app}\n", "app", `"app"."flyway_schema_history"`, `"app", "$user", public`},
		{"of the deploy", dir + "application.properties", "spring.flyway.schemas=${DB_SCHEMA}\nspring.flyway.table=deploys\n", "", `"public"."deploys"`, ""},
		{"no YAML", dir + "application.yml", "spring: [\n", "", `"public"."flyway_schema_history"`, ""},
		{"flyway.conf", "flyway.conf", "flyway.schemas=app\nflyway.defaultSchema = audit \n", "audit app", `"audit"."flyway_schema_history"`, `"audit", "$user", public`},
		{"Gradle", "build.gradle", "plugins { id 'x' }\nflyway {\n  // schemas = ['no']\n  schemas = ['app', 'audit']\n  placeholders = [a: 'b']\n  table 'deploys'\n}\nother { schemas = ['no'] }\n", "app audit", `"app"."deploys"`, `"app", "$user", public`},
		{"Gradle in Kotlin", "build.gradle.kts", "flyway {\n    defaultSchema = \"audit\"\n    schemas = arrayOf(\"app\", \"audit\")\n}\n", "audit app", `"audit"."flyway_schema_history"`, `"audit", "$user", public`},
		{"Gradle, computed", "build.gradle", "flyway {\n  schemas = [dbSchema]\n  table = \"t_${env}\"\n}\n", "", `"public"."flyway_schema_history"`, ""},
		{"Maven's plugin", "pom.xml", "<project><build><plugins><plugin><artifactId>flyway-maven-plugin</artifactId><configuration><schemas><schema>app</schema><schema>audit</schema></schemas></configuration></plugin></plugins></build></project>", "app audit", `"app"."flyway_schema_history"`, `"app", "$user", public`},
		{"Maven's properties", "pom.xml", "<project><properties><flyway.schemas>app</flyway.schemas><flyway.table>deploys</flyway.table></properties></project>", "app", `"app"."deploys"`, `"app", "$user", public`},
		{"flyway.toml", "flyway.toml", "[environments.x]\nschemas = [\"no\"]\n[environments.default]\nschemas = [ \"App\", \"audit\" ]\n[flyway]\nlocations = []\n", "App audit", `"App"."flyway_schema_history"`, `"App", "$user", public`},
		{"flyway.toml, a default schema", "flyway.toml", "[environments.default]\nschemas = [\"audit\"]\n[flyway]\ndefaultSchema = \"app\"\n", "app audit", `"app"."flyway_schema_history"`, `"app", "$user", public`},
		{"flyway.toml, another environment", "flyway.toml", "[flyway]\nenvironment = \"b\"\n[environments.a]\nschemas = [\"a\"]\n[environments.b]\nschemas = [\"app\"]\n", "app", `"app"."flyway_schema_history"`, `"app", "$user", public`},
		{"flyway.toml, environments that agree", "flyway.toml", "[environments.a]\nschemas = [\"app\"]\n[environments.b]\nschemas = [\"app\"]\n[environments.shadow]\nurl = \"x\"\n", "app", `"app"."flyway_schema_history"`, `"app", "$user", public`},
		{"flyway.toml, environments that differ", "flyway.toml", "[environments.a]\nschemas = [\"a\"]\n[environments.b]\nschemas = [\"b\"]\n", "", `"public"."flyway_schema_history"`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := fstest.MapFS{
				dir + "db/migration/V1__a.sql": {Data: []byte("COMMENT ON SCHEMA ${flyway:defaultSchema} IS '${flyway:table}';\n")},
				c.file:                         {Data: []byte(c.text)},
			}
			s := Review(nil, loadAt(t, tree, dir+"db/migration", "flyway"), ReviewOptions{})
			if got := string(s.Runner.Table()); got != c.table {
				t.Errorf("the table is %s, want %s", got, c.table)
			}
			if s.SearchPath != c.path {
				t.Errorf("the search path is %s, want %s", s.SearchPath, c.path)
			}
			made := strings.Count(string(s.Runner.Setup()), "CREATE SCHEMA")
			for _, schema := range strings.Fields(c.schemas) {
				if !strings.Contains(string(s.Runner.Setup()), "CREATE SCHEMA IF NOT EXISTS "+string(quote.Name(schema))) {
					t.Errorf("schema %s is not made: %s", schema, s.Runner.Setup())
				}
				made--
			}
			if made != 0 {
				t.Errorf("%d more schemas are made: %s", made, s.Runner.Setup())
			}
			schema, table, _ := strings.Cut(strings.ReplaceAll(c.table, `"`, ""), ".")
			if got, want := s.Head[0].Source, "COMMENT ON SCHEMA "+schema+" IS '"+table+"';\n"; got != want {
				t.Errorf("sent as %q, want %q", got, want)
			}
		})
	}
}
