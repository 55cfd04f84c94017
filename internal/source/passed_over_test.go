package source

import (
	"slices"
	"strings"
	"testing"
)

func TestPassesOver(t *testing.T) {
	for _, dir := range []string{
		"supabase/tests/database", "src/test/db", "nix/tests/smoke", "tests/pg_upgrade/sql", "test/docker-image/db/migrations", "x/popx/stub/migrations/valid",
		"Tests/migrations", "web/__tests__/sql", "api/spec/migrations", "db/fixtures", "integration-tests/db/migrations", "pkg/test_data/migrations", "crates/sync/test_chat_migrations",
		"db/migrations-test", "db-tests/migrations",
	} {
		if PassesOver(dir) == "" {
			t.Errorf("%s counts", dir)
		}
	}
	for _, dir := range []string{
		".", "db/migrations", "db/test-service/migrations", "latest/migrations", "contest/migrations", "attestation/db", "services/testimonials/migrations",
		"special/migrations", "mockingbird/migrations", "ab-testing-service/migrations", "test-orders/migrations", "db/contest_migrations", "migrations/data",
	} {
		if why := PassesOver(dir); why != "" {
			t.Errorf("%s %s", dir, why)
		}
	}
}

func TestSurvey(t *testing.T) {
	const (
		tap     = "BEGIN;\nSELECT plan(1);\nSELECT has_table('t');\nSELECT * FROM finish();\nROLLBACK;"
		goose   = "-- +goose Up\nCREATE TABLE t (id int);"
		service = "db/test-service/migrations/001_a.sql"
	)
	tests := []struct {
		name   string
		files  []string
		want   []string // as in TestDetect
		passed []string // "dir part of why"
	}{
		{"pgTAP beside Supabase", []string{"supabase/migrations/20240101000000_a.sql", "supabase/tests/database/01_a.sql: " + tap}, []string{"supabase/migrations Supabase"}, []string{"supabase/tests/database lies in supabase/tests"}},
		{"pgTAP by what it holds", []string{"db/checks/01_a.sql: " + tap, "db/checks/02_b.sql: SELECT no_plan();"}, nil, []string{"db/checks holds tests in pgTAP"}},
		{"a table of plans", []string{"db/migrations/01_a.sql: CREATE TABLE plan (id int); INSERT INTO plan (id) VALUES (1);"}, []string{"db/migrations plain SQL"}, nil},
		{"a tool in tests, beside a real one", []string{"db/migrations/1_a.sql: " + goose, "tests/app/migrations/1_a.sql: " + goose}, []string{"db/migrations goose"}, []string{"tests/app/migrations lies in tests"}},
		{"a tool in tests alone", []string{"tests/app/migrations/1_a.sql: " + goose, "tests/sql/1_a.sql"}, []string{"tests/app/migrations goose"}, []string{"tests/sql lies in tests"}},
		{"a tool in tests, beside MySQL's", []string{"mysql/migrations/1_a.sql: " + goose, "test/pg/1_a.sql: " + goose}, []string{"mysql/migrations goose !MySQL", "test/pg goose"}, nil},
		{"names that only begin so", []string{service, "latest/migrations/001_a.sql", "contest/001_a.sql"}, []string{"contest plain SQL", "db/test-service/migrations plain SQL", "latest/migrations plain SQL"}, nil},
		{"a container's first start", []string{"docker/initdb.d/0001_auth.sql", service}, []string{"db/test-service/migrations plain SQL"}, []string{"docker/initdb.d is called initdb.d"}},
		{"by hand", []string{"sql/one-off/001_fix.sql", "sql/dumps/001_all.sql"}, nil, []string{"sql/dumps is called dumps", "sql/one-off is called one-off"}},
		{"above a tool's folder", []string{"tools/migrate/7_views.sql", "tools/migrate/migrations/1_a.up.sql"}, []string{"tools/migrate/migrations golang-migrate ~names"}, []string{"tools/migrate holds files of SQL of no known tool, and tools/migrate/migrations is a folder of golang-migrate"}},
		{"a program without numbers", []string{"cmd/migrate/views.sql", "cmd/migration/report.sql"}, nil, nil},
		{"most lies above", []string{"migrations/001_a.sql", "migrations/002_b.sql", "migrations/003_c.sql", "migrations/old/1_a.sql: " + goose}, []string{"migrations plain SQL", "migrations/old goose"}, nil},
		{"a schema for a generator", []string{"sql/schema/v0.sql", "sql/schema/v1-core.sql", "cmd/migrations/1_a.sql: " + goose}, []string{"cmd/migrations goose"}, []string{"sql/schema holds files of SQL of no known tool"}},
		{"run by hand beside a tool", []string{"tools/migrate/legacy/reconcile/001_a.sql", "tools/migrate/migrations/1_a.sql: " + goose}, []string{"tools/migrate/migrations goose"}, []string{"tools/migrate/legacy/reconcile holds files"}},
		{"a service of its own", []string{"chat/migrations/001_a.sql", "shop/sql/migrations/postgres/001_a.sql", "web/migrations/1_a.sql: " + goose}, []string{"chat/migrations plain SQL", "shop/sql/migrations/postgres plain SQL", "web/migrations goose"}, nil},
		{"what it was squashed from", []string{"db/migrations/1_a.sql: " + goose, "db/migrations_legacy/1_a.sql: " + goose, "db/archive/1_a.sql: " + goose}, []string{"db/archive goose", "db/migrations goose"}, []string{"db/migrations_legacy is called after what is not used any more, and db/migrations"}},
		{"two tables", []string{"db/events/1_a.sql: " + goose, "db/events_archive/1_a.sql: " + goose}, []string{"db/events goose", "db/events_archive goose"}, nil},
		{"called after the tool", []string{"goose/1_a.sql: " + goose, "goose-old/1_a.sql: " + goose}, []string{"goose goose"}, []string{"goose-old is called after what is not used any more, and goose beside it"}},
		{"old alone", []string{"db/old/1_a.sql: " + goose, "app/migrations/1_a.sql: " + goose}, []string{"app/migrations goose", "db/old goose"}, nil},
		{"numbers alone", []string{"sql/001_a.sql", "sql/002_b.sql"}, []string{"sql plain SQL"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found, passed, err := Survey(tree(test.files...))
			if err != nil {
				t.Fatal(err)
			}
			if len(found) != len(test.want) || len(passed) != len(test.passed) {
				t.Fatalf("found %+v, passed over %+v, want %v and %v", found, passed, test.want, test.passed)
			}
			for i, want := range test.want {
				compareFound(t, found[i], want)
			}
			for i, want := range test.passed {
				if got := passed[i].Dir + " " + passed[i].Why; !strings.HasPrefix(got, want) {
					t.Errorf("passed over: %q, want %q", got, want)
				}
			}
		})
	}
}

// TestNamedFolderCounts has a person name what would be passed over.
func TestNamedFolderCounts(t *testing.T) {
	fsys := tree("db/migrations/1_a.up.sql", "tests/sql/1_a.sql", "docker/initdb.d/1_a.sql", "sql/views.sql")
	for _, dir := range []string{"tests/sql", "docker/initdb.d", "sql"} {
		if f, err := At(fsys, dir, ""); err != nil || f.Tool != Plain || f.Skip != "" {
			t.Errorf("%s: %+v, %v", dir, f, err)
		}
	}
}

// TestFolderStaysWhatItWas has a branch add a tool's folder beside which a plain one of
// the base would count no more.
func TestFolderStaysWhatItWas(t *testing.T) {
	base := tree("sql/001_a.sql", "sql/002_b.sql")
	head := tree("sql/001_a.sql", "sql/002_b.sql", "sql/003_c.sql", "web/migrations/1_a.up.sql")
	before, err := Detect(base)
	if err != nil {
		t.Fatal(err)
	}
	now, err := Detect(head)
	if err != nil {
		t.Fatal(err)
	}
	reading := BaseReading{Tree: base, Found: before, Whole: true, Named: func(string) bool { return false }}
	read, err := reading.Apply(head, now)
	if err != nil || len(read) != 2 || read[1].Dir != "sql" || read[1].claimed != "" {
		t.Errorf("read %+v, %v", read, err)
	}
}

func TestDumpBesideMigrations(t *testing.T) {
	const number = " has no number, and the files of db have one, so it was taken for no migration; give it a number if it is one, else say so under migrations in .migvet.yml: {dir: db, exclude: ["
	s := reviewed(t, nil, tree("db/001_a.sql", "db/002_b.sql", "db/schema.sql", "db/views.sql"))
	if got := names(s.Head); !slices.Equal(got, []string{"001_a", "002_b"}) {
		t.Errorf("migrations are %v", got)
	}
	compareUnchecked(t, s.Unchecked, []string{"db/schema.sql schema.sql is called like a dump", "!db/views.sql views.sql" + number + "views.sql]}"})
	s = reviewed(t, nil, tree("migrations/schema.sql"))
	if got := names(s.Head); !slices.Equal(got, []string{"schema"}) {
		t.Errorf("migrations are %v", got)
	}
}

// TestNewDumps has a branch add or change what is called like a dump: what changes other
// things than it makes is none.
func TestNewDumps(t *testing.T) {
	const (
		makes   = "db/schema.sql: CREATE TABLE t (id int); ALTER TABLE t ADD n int;"
		changes = "db/schema.sql: DROP TABLE t;"
	)
	for _, test := range []struct {
		name, base, head string
		want             []string
	}{
		{"new", "", makes, []string{"db/schema.sql schema.sql is called like a dump of the schema, so it was taken for no migration; give"}},
		{"new, of pg_dump", "", "db/structure.sql: -- PostgreSQL database dump\nCREATE TABLE t (id int);", nil},
		{"new, and none", "", changes, []string{"!db/schema.sql schema.sql is called like a dump of the schema, so it was taken for no migration, and it changes what it does not make; give it a number if it is one, else say so under migrations in .migvet.yml: {dir: db, exclude: [schema.sql]}"}},
		{"changed", "db/schema.sql: CREATE TABLE t (id int);", makes, nil},
		{"changed, and none", makes, changes, []string{"!db/schema.sql schema.sql is called"}},
		{"as it was", changes, changes, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			base := []string{"db/001_a.sql: CREATE TABLE t (id int);"}
			head := tree(append(base, test.head)...)
			if test.base != "" {
				base = append(base, test.base)
			}
			compareUnchecked(t, reviewed(t, tree(base...), head).Unchecked, test.want)
		})
	}
}

func TestNotSearched(t *testing.T) {
	files := tree("web/node_modules/pg/1_a.sql", "web/src/a.ts", "db/migrations/1_a.sql", ".github/x.yml", "Vendor/b.sql", "tests/c.sql")
	dirs, err := NotSearched(files)
	if want := []string{".github", "Vendor", "web/node_modules"}; err != nil || !slices.Equal(dirs, want) {
		t.Errorf("got %q, %v, want %q", dirs, err, want)
	}
}
