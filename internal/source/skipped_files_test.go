package source

import (
	"testing"
	"testing/fstest"
)

func TestSkippedFiles(t *testing.T) {
	const table = "CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT);"
	tree := fstest.MapFS{
		"lite/sqitch.conf":                {Data: []byte("[core]\nengine = sqlite\n")},
		"lite/sqitch.plan":                {Data: []byte("%syntax-version=1.0.0\n%project=p\n\na 2026-01-02T03:04:05Z A <a@example.com> # a\n")},
		"lite/deploy/a.sql":               {Data: []byte(table)},
		"my/mysql/1700000000000_a/up.sql": {Data: []byte("CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY);")},
		"own/migrations/0001_a.sql":       {Data: []byte("CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY);")},
	}
	found, _, err := Survey(tree)
	if err != nil {
		t.Fatal(err)
	}
	found = append(found, Found{Dir: "lite/inner", Tool: Plain, Dialect: postgresql}, Found{Dir: "deep", Skip: "may not be read", Overlooked: true})
	isSkipped := SkippedFiles(tree, found)
	for name, want := range map[string]bool{
		"lite/deploy/a.sql":               true,
		"lite/deploy/2026/b.sql":          true,
		"lite/revert/a.sql":               true,
		"lite/postgres/b.sql":             false,
		"lite/inner/b.sql":                false,
		"lite2/deploy/a.sql":              false,
		"my/mysql/1700000000001_b/up.sql": true,
		"own/migrations/0002_b.sql":       false,
		"own/b.sql":                       false,
		"deep/b.sql":                      false,
	} {
		if got := isSkipped(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestSkippedFilesInRoot(t *testing.T) {
	tree := fstest.MapFS{
		"sqitch.conf": {Data: []byte("[core]\nengine = sqlite\ndeploy_dir = up\n")},
		"sqitch.plan": {Data: []byte("%syntax-version=1.0.0\n%project=p\n\na 2026-01-02T03:04:05Z A <a@example.com> # a\n")},
		"up/a.sql":    {Data: []byte("CREATE TABLE t (id integer);")},
	}
	found, err := Detect(tree)
	if err != nil {
		t.Fatal(err)
	}
	isSkipped := SkippedFiles(tree, found)
	for name, want := range map[string]bool{"up/b.sql": true, "up/2026/b.sql": true, "b.sql": false, "ops/b.sql": false} {
		if got := isSkipped(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestIsForOthers(t *testing.T) {
	names := []string{"3_a.sql", "3_a.postgres.sql", "3_a.sqlite.sql", "4_b.sql", "notes.md"}
	for name, want := range map[string]bool{"3_a.sql": true, "3_a.sqlite.sql": true, "3_a.postgres.sql": false, "4_b.sql": false} {
		if got := IsForOthers(names, names)(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
		if IsForOthers(names, []string{"1_a.sql", "2_b_pg.sql", "2_b_sqlite.sql"})(name) {
			t.Errorf("%s is left out for what only the branch has", name)
		}
	}
	if !IsForOthers(append(names, "5_c.mysql.sql"), names)("5_c.mysql.sql") {
		t.Error("5_c.mysql.sql is not left out although the base leaves out 3_a.sqlite.sql")
	}
}
