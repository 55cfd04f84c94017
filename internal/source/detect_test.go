package source

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
)

// tree makes a file system of "path" or "path: text" lines; the text of files
// of SQL is a statement unless given.
func tree(lines ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for _, line := range lines {
		name, text, given := strings.Cut(line, ": ")
		if !given {
			text = "CREATE TABLE t (id int);\n"
		}
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func TestDetect(t *testing.T) {
	const journal = `{"version": "7", "dialect": "postgresql", "entries": []}`
	tests := []struct {
		name  string
		files []string
		want  []string // "dir tool", behind "!" part of Skip, behind "~" part of Assumed
	}{
		{"nothing", []string{"README.md", "src/schema.sql", "src/a/b.ts"}, nil},
		{"Drizzle", []string{"drizzle/meta/_journal.json: " + journal, "drizzle/0000_a.sql"}, []string{"drizzle Drizzle"}},
		{"Drizzle at the root", []string{"meta/_journal.json: " + journal, "0000_a.sql"}, []string{". Drizzle"}},
		{"Drizzle before there are migrations", []string{"drizzle/meta/_journal.json: " + journal}, []string{"drizzle Drizzle"}},
		{"Drizzle for pg of old", []string{`drizzle/meta/_journal.json: {"dialect": "pg", "entries": []}`}, []string{"drizzle Drizzle"}},
		{"Drizzle for MySQL", []string{`drizzle/meta/_journal.json: {"dialect": "mysql", "entries": []}`}, []string{"drizzle Drizzle !MySQL (meta/_journal.json)"}},
		{"Drizzle for SQLite, broken", []string{"drizzle/meta/_journal.json: {\"dialect\": \"sqlite\",\n<<<<<<< a\n=======\n>>>>>>> b\n"}, []string{"drizzle Drizzle !SQLite"}},
		{"Drizzle without its journal", []string{"drizzle/meta/0000_snapshot.json: {}", "drizzle/0000_a.sql"}, []string{"drizzle Drizzle"}},
		{"Drizzle by its breakpoints", []string{"drizzle/0000_a.sql: SELECT 1;--> statement-breakpoint\nSELECT 2"}, []string{"drizzle Drizzle"}},
		{"golang-migrate and a stray", []string{"migrations/1_a.up.sql", "migrations/1_a.down.sql", "migrations/2_b.up.sql", "migrations/2_b.down.sql", "migrations/2_b.test.sql"}, []string{"migrations golang-migrate ~names"}},
		{"golang-migrate without one up", []string{"migrations/1_a.up.sql", "migrations/1_a.down.sql", "migrations/2_b.down.sql"}, []string{"migrations golang-migrate ~names"}},
		{"Drizzle elsewhere", []string{"drizzle/meta/_journal.json: " + journal, "drizzle.config.ts: export default { out: './drizzle', dialect: 'postgresql' }", "scripts/fold.sql: SELECT 1;--> statement-breakpoint\nSELECT 2"}, []string{"drizzle Drizzle"}},
		{"Drizzle by its configuration", []string{"packages/db/drizzle.config.ts: export default { out: '../../sql', dialect: 'postgresql' }", "sql/a.sql"}, []string{"sql Drizzle"}},
		{"Drizzle where nobody looks", []string{"drizzle.config.ts: export default { out: 'build/.drizzle' }", "build/.drizzle/a.sql"}, []string{"build/.drizzle Drizzle"}},
		{"Drizzle outside", []string{"drizzle.config.ts: export default { out: '../other' }"}, nil},
		{"Drizzle beside Supabase", []string{"supabase/migrations/meta/_journal.json: " + journal}, []string{"supabase/migrations Drizzle ~not supabase db push"}},
		{"Drizzle 1.0", []string{"drizzle/20260101120001_init/migration.sql", "drizzle/20260101120001_init/snapshot.json: {}"}, []string{"drizzle Drizzle 1.0"}},
		{"Drizzle 1.0 for SQLite", []string{"drizzle/20260101120001_init/migration.sql", "drizzle/20260101120001_init/snapshot.json: {\"dialect\": \"sqlite\"}"}, []string{"drizzle Drizzle 1.0 !SQLite"}},
		{"two", []string{"a/drizzle/meta/_journal.json: " + journal, "b/migrations/001_x.sql"}, []string{"a/drizzle Drizzle", "b/migrations plain SQL"}},
		{"plain", []string{"db/migrations/anything.sql"}, []string{"db/migrations plain SQL"}},
		{"plain by file names", []string{"db/001_init.sql", "db/002-more.sql", "db/V3.x.sql"}, []string{"db plain SQL"}},
		{"numbers without zeros", []string{"migrations/1_a.sql", "migrations/10_b.sql", "migrations/9_c.sql"}, []string{"migrations plain SQL ~9_c.sql before 10_b.sql"}},
		{"queries about migrations", []string{"db/queries/migration.sql: -- name: Last :one\nSELECT 1;", "db/migrations/000001_a.up.sql", "db/migrations/000001_a.down.sql"}, []string{"db/migrations golang-migrate ~names"}},
		{"no migrations", []string{"seeds/001_a.sql", "db/queries/001_a.sql", "fixtures/001_a.sql", "x/schema.sql", "migrations/down/001_a.sql"}, nil},
		{"mostly something else", []string{"sql/001_a.sql", "sql/schema.sql", "sql/views.sql"}, nil},
		{"what others wrote", []string{"node_modules/x/migrations/1_a.sql", "vendor/x/migrations/1_a.sql", "dist/migrations/1_a.sql", ".git/migrations/1_a.sql", "testdata/migrations/1_a.sql"}, nil},
		{"a repository inside", []string{"sub/.git: gitdir: ../.git/modules/sub", "sub/migrations/1_a.sql"}, nil},
		{"SQLite by syntax", []string{"migrations/1_a.sql: CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT);"}, []string{"migrations plain SQL !SQLite (the syntax of 1_a.sql)"}},
		{"MySQL by syntax", []string{"migrations/1_a.sql: CREATE TABLE `t` (`id` int AUTO_INCREMENT) ENGINE=InnoDB;"}, []string{"migrations plain SQL !MySQL"}},
		{"SQLite by backticks and PRAGMA", []string{"migrations/1_a.sql: CREATE TABLE `t` (`id` int);", "migrations/2_b.sql: PRAGMA foreign_keys=ON;"}, []string{"migrations plain SQL !SQLite"}},
		{"MySQL by folder", []string{"migrations/mysql/1_a.sql", "migrations/postgres/1_a.sql"}, []string{"migrations/mysql plain SQL !MySQL", "migrations/postgres plain SQL"}},
		{"backticks in comments", []string{"migrations/1_a.sql: -- the `t` table\n/* `u` */ COMMENT ON TABLE t IS 'see `v`, ENGINE=InnoDB';"}, []string{"migrations plain SQL"}},
		{"mostly PostgreSQL", []string{"migrations/1_a.sql: CREATE TABLE t (a jsonb);", "migrations/2_b.sql: SELECT `x`;"}, []string{"migrations plain SQL"}},
		{"Prisma", []string{"prisma/migrations/migration_lock.toml: provider = \"postgresql\"", "prisma/migrations/20240101_init/migration.sql"}, []string{"prisma/migrations Prisma"}},
		{"Prisma with a comment that is no TOML", []string{"prisma/migrations/migration_lock.toml: -- kept by hand\nprovider = \"postgresql\"\r\n", "prisma/migrations/20240101_init/migration.sql"}, []string{"prisma/migrations Prisma"}},
		{"Prisma for MySQL behind such a comment", []string{"prisma/migrations/migration_lock.toml: <<<<<<< main\nprovider = \"mysql\"\n=======\nprovider = \"postgresql\"\n", "prisma/migrations/20240101_init/migration.sql"}, []string{"prisma/migrations Prisma !MySQL (migration_lock.toml)"}},
		{"Prisma without its lock", []string{"migrations/20240101_init/migration.sql"}, []string{"migrations Prisma ~without a migration_lock.toml"}},
		{"Prisma for MySQL", []string{"prisma/migrations/migration_lock.toml: provider = \"mysql\"", "prisma/migrations/20240101_init/migration.sql"}, []string{"prisma/migrations Prisma !MySQL (migration_lock.toml)"}},
		{"Flyway", []string{"db/migration/V1__a.sql", "db/migration/V1.1__b.sql", "db/migration/R__c.sql"}, []string{"db/migration Flyway"}},
		{"refinery", []string{"Cargo.toml: refinery = 1", "migrations/V1__a.sql"}, []string{"migrations refinery"}},
		{"goose", []string{"migrations/001_a.sql: -- +goose Up\nSELECT 1;"}, []string{"migrations goose"}},
		{"dbmate", []string{"db/migrations/001_a.sql: -- migrate:up\nSELECT 1;"}, []string{"db/migrations dbmate"}},
		{"sqitch", []string{"sqitch.plan: %project=x", "deploy/a.sql", "revert/a.sql"}, []string{". Sqitch"}},
		{"sqitch for SQLite", []string{"sqitch.conf: [core]\n\tengine = sqlite", "sql/sqitch.plan: %project=x", "sql/deploy/a.sql"}, []string{"sql Sqitch !SQLite (sqitch.conf)"}},
		{"graphile-migrate", []string{"db/migrations/committed/000001.sql: --! Previous: -\n--! Hash: sha1:x\n\nSELECT 1;", "db/migrations/current.sql"}, []string{"db/migrations graphile-migrate"}},
		{"graphile-migrate by its configuration", []string{".gmrc: {}", "migrations/committed/000001.sql"}, []string{"migrations graphile-migrate"}},
		{"Nhost", []string{"nhost/migrations/default/1700000000000_a/up.sql", "nhost/migrations/default/1700000000000_a/down.sql"}, []string{"nhost/migrations/default Hasura"}},
		{"Hasura for SQL Server", []string{"migrations/mssql1/1700000000000_a/up.sql: CREATE TABLE [dbo].[t] (id int IDENTITY(1,1));"}, []string{"migrations/mssql1 Hasura !SQL Server"}},
		{"Hasura of old", []string{"config.yaml: endpoint: http://localhost:8080", "migrations/1700000000000_a.up.sql", "migrations/1700000000000_b.up.yaml"}, []string{"migrations Hasura"}},
		{"Encore", []string{"encore.app: {}", "svc/migrations/1_a.up.sql"}, []string{"svc/migrations Encore"}},
		{"Diesel", []string{"migrations/2024-01-01-000000_a/up.sql", "migrations/2024-01-01-000000_a/down.sql"}, []string{"migrations Diesel"}},
		{"Diesel without a manifest", []string{"migrations/1_a/up.sql"}, []string{"migrations Diesel ~by its directories with an up.sql"}},
		{"directories of an own runner", []string{"go.mod: module x", "migrations/1_a/up.sql"}, []string{"migrations plain SQL ~its directories run in the order of their numbers"}},
		{"Diesel by its manifest", []string{"Cargo.toml: diesel = 2", "migrations/1_a/up.sql"}, []string{"migrations Diesel"}},
		{"Diesel for SQLite", []string{"migrations/1_a/up.sql: CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT);"}, []string{"migrations Diesel !SQLite ~by its directories"}},
		{"sql-migrate", []string{"migrations/1_a.sql: -- +migrate Up\nSELECT 1;"}, []string{"migrations sql-migrate"}},
		{"postgrator", []string{"migrations/001.do.a.sql", "migrations/001.undo.a.sql"}, []string{"migrations postgrator"}},
		{"postgres-migrations", []string{"package.json: {\"dependencies\": {\"postgres-migrations\": \"5\"}}", "migrations/1-a.sql"}, []string{"migrations postgres-migrations"}},
		{"postgres-migrations elsewhere", []string{"package.json: {\"dependencies\": {\"postgres-migrations\": \"5\"}}", "db/1-a.sql"}, []string{"db postgres-migrations ~by package.json"}},
		{"postgres-migrations, other numbers", []string{"package.json: {\"dependencies\": {\"postgres-migrations\": \"5\"}}", "migrations/20240101-a.sql"}, []string{"migrations plain SQL"}},
		{"tern", []string{"migrations/001_a.sql: SELECT 1;\n---- create above / drop below ----\n"}, []string{"migrations tern"}},
		{"tern by its configuration", []string{"migrations/tern.conf: [data]", "migrations/001_a.sql"}, []string{"migrations tern"}},
		{"golang-migrate", []string{"migrations/1_a.up.sql", "migrations/1_a.down.sql"}, []string{"migrations golang-migrate ~by the names of its files"}},
		{"golang-migrate by its module", []string{"go.mod: require github.com/golang-migrate/migrate/v4 v4.19.0", "db/migrations/1_a.up.sql"}, []string{"db/migrations golang-migrate"}},
		{"sqlx", []string{"Cargo.toml: sqlx = 1", "migrations/1_a.sql"}, []string{"migrations sqlx"}},
		{"sqlx with ways back", []string{"Cargo.toml: sqlx = 1", "migrations/1_a.up.sql", "migrations/1_a.down.sql"}, []string{"migrations sqlx"}},
		{"node-pg-migrate", []string{"migrations/1_a.sql: -- Up Migration\nSELECT 1;"}, []string{"migrations node-pg-migrate"}},
		{"node-pg-migrate by its package", []string{"package.json: {\"dependencies\": {\"node-pg-migrate\": \"8\"}}", "migrations/1_a.sql"}, []string{"migrations node-pg-migrate"}},
		{"Supabase", []string{"supabase/migrations/20240101000000_a.sql"}, []string{"supabase/migrations Supabase"}},
		{"Atlas", []string{"migrations/20240101000000.sql", "migrations/atlas.sum: h1:x"}, []string{"migrations Atlas"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found, err := Detect(tree(test.files...))
			if err != nil {
				t.Fatal(err)
			}
			if len(found) != len(test.want) {
				t.Fatalf("found %+v, want %v", found, test.want)
			}
			for i, want := range test.want {
				compareFound(t, found[i], want)
			}
		})
	}
}

func compareFound(t *testing.T, f Found, want string) {
	t.Helper()
	want, assumed, _ := strings.Cut(want, " ~")
	want, skip, _ := strings.Cut(want, " !")
	if got := f.Dir + " " + f.Tool; got != want {
		t.Errorf("found %q, want %q", got, want)
	}
	if !strings.Contains(f.Skip, skip) || (f.Skip == "") != (skip == "") {
		t.Errorf("skipped for %q, want %q", f.Skip, skip)
	}
	if !strings.Contains(f.Assumed, assumed) || (f.Assumed == "") != (assumed == "") {
		t.Errorf("assumed %q, want %q", f.Assumed, assumed)
	}
}

func TestDetectBelow(t *testing.T) {
	fsys := tree("a/migrations/1_a.sql", "testdata/migrations/1_a.sql")
	found, err := Detect(fsys, "testdata")
	if err != nil || len(found) != 1 || found[0].Dir != "testdata/migrations" {
		t.Errorf("found %+v, %v", found, err)
	}
	if _, err := Detect(fsys, "nowhere"); err == nil {
		t.Error("a directory that does not exist was searched")
	}
}

func TestDetectWithoutPermission(t *testing.T) {
	if _, err := Detect(closedTree{tree("1_a.sql"), "."}); err == nil {
		t.Error("a root that cannot be read holds no migrations")
	}
}

func TestAt(t *testing.T) {
	fsys := tree("sql/a.sql", "src/x.ts", "mysql/1_a.sql",
		"d/meta/_journal.json: {\"dialect\": \"postgresql\", \"entries\": []}",
		"drizzle.config.json: {\"out\": \"d\", \"migrations\": {\"table\": \"done\", \"schema\": \"ops\"}}")
	for _, test := range []struct{ dir, key, want string }{
		{"sql", "", "sql plain SQL"},
		{"sql", "drizzle", "sql Drizzle"},
		{"d", "", "d Drizzle"},
		{"d", "drizzle", "d Drizzle"},
		{"mysql", "plain", "mysql plain SQL"},
		{"mysql", "", "mysql plain SQL !MySQL"},
	} {
		f, err := At(fsys, test.dir, test.key)
		if err != nil {
			t.Error(err)
			continue
		}
		compareFound(t, f, test.want)
	}
	if f, _ := At(fsys, "d", ""); f.Table != "done" || f.Schema != "ops" {
		t.Errorf("history table is %q.%q", f.Schema, f.Table)
	}
	for dir, key := range map[string]string{"src": "", "sql": "drizle", "nowhere": ""} {
		_, err := At(fsys, dir, key)
		if err == nil {
			t.Errorf("At(%q, %q) found something", dir, key)
		} else if key != "" && !strings.Contains(err.Error(), `did you mean "drizzle"?`) {
			t.Errorf("At(%q, %q): %v", dir, key, err)
		}
	}
}

func TestDrizzleConfig(t *testing.T) {
	tests := map[string]drizzleConfig{
		"export default defineConfig({ dialect: 'postgresql', out: './sql', schema: './s.ts' });":                     {out: "app/sql", dialect: "postgresql", schemas: []string{"app/s.ts"}},
		"{\n  \"out\": \"./sql\",\n  \"dialect\": \"mysql\"\n}":                                                       {out: "app/sql", dialect: "mysql"},
		"export default { dbCredentials: { url: 'postgres://out: \"no\"' }, /* out: 'wrong' */ // out: 'wrong'\n }":   {out: "app/drizzle"},
		"export default { out: `../db`, migrations: { table: \"t\", schema: 's', prefix: 'index' }, schema: 'x.ts' }": {out: "db", table: "t", schema: "s", schemas: []string{"app/x.ts"}},
		"export default { out: process.env.OUT, schema: 'x.ts' }":                                                     {out: "app/drizzle", schemas: []string{"app/x.ts"}},
		"export default { layout: 'x', timeout: 'y' }":                                                                {out: "app/drizzle"},
		"": {out: "app/drizzle"},
	}
	for text, want := range tests {
		want.file = "app/drizzle.config.ts"
		if got := parseDrizzleConfig(want.file, text); !reflect.DeepEqual(got, want) {
			t.Errorf("%s\n got %+v\nwant %+v", text, got, want)
		}
	}
	for name, want := range map[string]bool{
		"drizzle.config.ts": true, "drizzle.config.prod.ts": true, "drizzle-prod.config.mjs": true, "drizzle.config.json": true,
		"drizzle.ts": false, "my-drizzle.config.ts": false, "drizzle.config.ts.bak": false,
	} {
		if got := drizzleConfigName.MatchString(name); got != want {
			t.Errorf("%s is a configuration: %t", name, got)
		}
	}
}

// TestNoEscape has a repository that points outside of itself.
func TestNoEscape(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	writeFile(t, outside, "secret.sql", "SECRET")
	writeFile(t, outside, "meta/_journal.json", `{"dialect": "postgresql", "entries": [{"idx": 0, "when": 1, "tag": "secret"}]}`)
	writeFile(t, dir, "drizzle/meta/_journal.json", `{"dialect": "postgresql", "entries": [`+
		`{"idx": 0, "when": 1, "tag": "../../secret"}, {"idx": 1, "when": 2, "tag": "link"}, {"idx": 2, "when": 3, "tag": "dir/secret"}, {"idx": 3, "when": 4, "tag": "/etc/passwd"}]}`)
	symlink(t, outside, dir, "migrations")
	symlink(t, filepath.Join(outside, "secret.sql"), dir, "drizzle/link.sql")
	symlink(t, outside, dir, "drizzle/dir")
	found, err := Detect(os.DirFS(dir))
	if err != nil || len(found) != 2 || found[0].Dir != "drizzle" {
		t.Fatalf("found %+v, %v", found, err)
	}
	if f := found[1]; f.Dir != "migrations" || !f.Doubtful || !strings.HasSuffix(f.Skip, "which was not followed: leads out of the repository") {
		t.Errorf("the link to a folder of migrations is told as %+v", f)
	}
	folder, err := Load(os.DirFS(dir), found[0])
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprint(folder.files); strings.Contains(text, "SECRET") {
		t.Errorf("read through a symbolic link: %s", text)
	}
	if s := Review(nil, folder, ReviewOptions{}); len(brief(s)) != 4 {
		t.Errorf("4 files are missing:\n%s", strings.Join(brief(s), "\n"))
	}
}

func writeFile(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func symlink(t *testing.T, target, dir, name string) {
	t.Helper()
	if err := os.Symlink(target, filepath.Join(dir, filepath.FromSlash(name))); err != nil {
		t.Fatal(err)
	}
}
