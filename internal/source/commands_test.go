package source

import (
	"testing"
	"testing/fstest"
)

// The table that goose is told to use, wherever projects keep their commands.
func TestGooseTableInCommands(t *testing.T) {
	const standard = `"public"."goose_db_version"`
	tests := []struct {
		name, file, text, want string
	}{
		{"flag in a Makefile", "Makefile", "up:\n\tgoose -dir db/migrations -table _deploys postgres $(URL) up\n", `"public"."_deploys"`},
		{"two hyphens and an equals sign", "db/run.sh", "exec goose --table=ops.deploys up\n", `"ops"."deploys"`},
		{"continued line", "scripts/migrate.sh", "goose \\\n  -table deploys \\\n  up\n", `"public"."deploys"`},
		{"script of package.json", "package.json", `{"scripts": {"db": "goose -dir ./db/migrations -table 'deploys' up"}}`, `"public"."deploys"`},
		{"exec form", "Dockerfile", `CMD ["goose", "-table", "deploys", "up"]`, `"public"."deploys"`},
		{"environment of a workflow", ".github/workflows/deploy.yml", "env:\n  GOOSE_TABLE: deploys\n", `"public"."deploys"`},
		{"environment of an image", "Dockerfile", "ENV GOOSE_TABLE=deploys\n", `"public"."deploys"`},
		{"compose", "docker-compose.yml", "environment:\n  - GOOSE_TABLE=deploys\n", `"public"."deploys"`},
		{"Taskfile", "Taskfile.yml", "tasks:\n  up:\n    cmd: goose -table deploys up\n", `"public"."deploys"`},
		{"justfile", "justfile", "up:\n  goose -table deploys up\n", `"public"."deploys"`},
		{"variable that the Makefile sets", "Makefile", "GOOSE_TABLE ?= deploys\nup:\n\tgoose -table $(GOOSE_TABLE) up\n", `"public"."deploys"`},
		{"variable that nothing sets", "Makefile", "up:\n\tgoose -table $(TABLE) up\n", standard},
		{"comment", "Makefile", "# goose -table deploys up\n", standard},
		{"another folder", "Makefile", "up:\n\tgoose -dir other/migrations -table theirs up\n", standard},
		{"another tool", "Makefile", "up:\n\tpg_dump --table users\n", standard},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			fsys := fstest.MapFS{
				"db/migrations/1_a.sql": {Data: []byte("-- +goose Up\nSELECT 1;\n")},
				test.file:               {Data: []byte(test.text)},
			}
			found, err := At(fsys, "db/migrations", "goose")
			if err != nil {
				t.Fatal(err)
			}
			f, err := Load(fsys, found)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(f.historyTable(gooseTable)); got != test.want {
				t.Errorf("the table is %s, want %s", got, test.want)
			}
		})
	}
}

// Two commands that say different things about one folder settle nothing.
func TestGooseTableInCommandsThatDiffer(t *testing.T) {
	fsys := fstest.MapFS{
		"migrations/1_a.sql": {Data: []byte("-- +goose Up\nSELECT 1;\n")},
		"Makefile":           {Data: []byte("a:\n\tgoose -table one up\nb:\n\tgoose -table two up\n")},
	}
	found, err := At(fsys, "migrations", "goose")
	if err != nil {
		t.Fatal(err)
	}
	f, err := Load(fsys, found)
	if err != nil {
		t.Fatal(err)
	}
	if f.Table != "" || !f.unsure {
		t.Errorf("the table is %q, sure: %v", f.Table, !f.unsure)
	}
}
