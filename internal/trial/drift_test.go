package trial

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/schema"
	"github.com/migvet/migvet/internal/skip"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// copied returns a tree whose files may be changed.
func copied(t *testing.T, dir string) fstest.MapFS {
	t.Helper()
	tree := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(dir + "/" + name)
		tree["drizzle/"+name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func edit(t *testing.T, tree fstest.MapFS, file, old, new string) {
	t.Helper()
	text := string(tree[file].Data)
	if !strings.Contains(text, old) {
		t.Fatalf("%s does not contain %q", file, old)
	}
	tree[file] = &fstest.MapFile{Data: []byte(strings.Replace(text, old, new, 1))}
}

// drifts tries everything after the first migration, and returns what is said
// of the snapshot: "severity file message".
func drifts(t *testing.T, server *postgres.Server, tree fs.FS, first string) []string {
	t.Helper()
	found, err := source.At(tree, "drizzle", "")
	if err != nil {
		t.Fatal(err)
	}
	head, err := source.Load(tree, found)
	if err != nil {
		t.Fatal(err)
	}
	base, err := head.Until(first)
	if err != nil {
		t.Fatal(err)
	}
	result, err := Run(context.Background(), Options{Server: server, Source: source.Review(base, head, source.ReviewOptions{})})
	if err != nil {
		t.Fatal(err)
	}
	if !result.Applies || len(result.Outcomes) == 0 || result.Outcomes[0].Applied != DidApply {
		t.Fatalf("it does not apply: %+v %+v", result.Findings, result.Unchecked)
	}
	var all []string
	for _, u := range result.Unchecked {
		if strings.Contains(u.Reason, "not compared") {
			all = append(all, "unchecked "+u.Path+" "+u.Reason)
		}
	}
	for _, f := range lint.Sort(result.Findings) {
		if f.Rule == rules.SnapshotDrift.ID {
			all = append(all, f.Severity.String()+" "+f.Path[strings.LastIndex(f.Path, "/")+1:]+" "+f.Message)
		}
	}
	return all
}

// TestNoDrift wants no difference between the schema that drizzle-kit declares
// and the one that its own migrations make, with everything that it can express.
func TestNoDrift(t *testing.T) { onDeclaredServers(t, testNoDrift) }

func testNoDrift(t *testing.T, server *postgres.Server) {
	for dir, first := range map[string]string{
		"0.20": "0000_unusual_tony_stark", "0.21": "0000_shallow_rafael_vega", // snapshots of version 5 and 6
		"0.31": "0000_everything", "1.0": "20261125230620_everything", // 7, and 9 with renames
	} {
		t.Run(dir, func(t *testing.T) {
			if got := drifts(t, server, copied(t, "../../testdata/drizzle/declared/"+dir), first); len(got) > 0 {
				t.Errorf("unexpected:\n%s", strings.Join(got, "\n"))
			}
		})
	}
}

func TestDrift(t *testing.T) { onDeclaredServers(t, testDrift) }

func testDrift(t *testing.T, server *postgres.Server) {
	const breakpoint = "--> statement-breakpoint\n"
	tests := []struct {
		name, file, old, new string
		want                 []string // beginnings, "…", parts
	}{
		{"type edited", "drizzle/0001_more.sql", `"note" text DEFAULT '' NOT NULL`, `"note" varchar(20) DEFAULT '' NOT NULL`, []string{
			"warning 0001_more.sql column users.note differs from Drizzle's snapshot (type: text in the snapshot, character varying(20) after the migrations; default: ''::text"}},
		{"statement removed", "drizzle/0001_more.sql", `ALTER TABLE "users" ADD COLUMN "note" text DEFAULT '' NOT NULL;`, ``, []string{
			"warning 0001_more.sql Drizzle's snapshot has column users.note, but no migration makes it"}},
		{"index by hand", "drizzle/0001_more.sql", `ALTER POLICY`, `CREATE INDEX users_by_hand ON users (upper(name));` + breakpoint + `ALTER POLICY`, []string{
			"notice 0001_more.sql index users_by_hand on users is not in Drizzle's snapshot"}},
		{"table by hand", "drizzle/0001_more.sql", `ALTER POLICY`, `CREATE TABLE audit (id int PRIMARY KEY, what text);` + breakpoint + `ALTER POLICY`, []string{
			"notice 0001_more.sql table audit is not in Drizzle's snapshot"}},
		{"policy edited", "drizzle/0001_more.sql", `(owner > 3)`, `(owner > 4)`, []string{
			"warning 0001_more.sql policy secrets_write on secrets differs from Drizzle's snapshot (with check: (owner > 3) in the snapshot, (owner > 4) after the migrations)"}},
		{"enum edited", "drizzle/0001_more.sql", `ADD VALUE 'pro'`, `ADD VALUE 'pro' BEFORE 'team'`, []string{
			"warning 0001_more.sql enum billing.plan differs from Drizzle's snapshot (values: 'free', 'team', 'pro' in the snapshot, 'free', 'pro', 'team' after the migrations)"}},
		{"what Drizzle cannot express", "drizzle/0001_more.sql", `ALTER POLICY`, `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';` + breakpoint +
			`CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f();` + breakpoint + `COMMENT ON TABLE users IS 'people';` + breakpoint +
			`CREATE TABLE parted (id int) PARTITION BY RANGE (id);` + breakpoint + `CREATE DOMAIN positive AS int CHECK (value > 0);` + breakpoint + `GRANT SELECT ON users TO PUBLIC;` + breakpoint + `ALTER POLICY`, nil},
		{"old drift", "drizzle/0000_everything.sql", `"ratio" real,`, `"ratio" double precision,`, nil},
		{"a check that is not validated", "drizzle/0001_more.sql", `ALTER POLICY`, `ALTER TABLE "users" DROP CONSTRAINT "users_weight_check";` + breakpoint +
			`ALTER TABLE "users" ADD CONSTRAINT "users_weight_check" CHECK ("users"."weight" > 0 and "users"."name" <> '') NOT VALID;` + breakpoint + `ALTER POLICY`, nil},
		{"a copied snapshot", "drizzle/meta/0001_snapshot.json", "0434e6b5-4040-4676-84c7-8d86b4abca13", "be504be9-9f1b-47f6-8cdb-67947431024b", []string{
			"unchecked drizzle/meta/0001_snapshot.json not compared with what the migrations make: 0001_more, which is newer, has no snapshot of its own"}},
		{"a snapshot that cannot be made", "drizzle/meta/0001_snapshot.json", `lower(name)`, `lower(nothing)`, []string{
			"unchecked drizzle/meta/0001_snapshot.json not compared…table \"public\".\"users\": ERROR: column \"nothing\" does not exist"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tree := copied(t, "../../testdata/drizzle/declared/0.31")
			edit(t, tree, test.file, test.old, test.new)
			got := drifts(t, server, tree, "0000_everything")
			if !slices.EqualFunc(got, test.want, func(got, want string) bool {
				head, part, _ := strings.Cut(want, "…")
				return strings.HasPrefix(got, head) && strings.Contains(got, part)
			}) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(test.want, "\n  "))
			}
		})
	}
}

// What no snapshot holds, as a function or domain, takes nothing from the comparison.
func TestDriftBesideWhatIsByHand(t *testing.T) { onDeclaredServers(t, testDriftBesideWhatIsByHand) }

func testDriftBesideWhatIsByHand(t *testing.T, server *postgres.Server) {
	const breakpoint, snapshot, sql = "--> statement-breakpoint\n", "drizzle/meta/0001_snapshot.json", "drizzle/0001_more.sql"
	tree := copied(t, "../../testdata/drizzle/declared/0.31")
	edit(t, tree, sql, `ALTER TYPE`, `CREATE SCHEMA tools;`+breakpoint+`CREATE DOMAIN short AS text CHECK (length(value) < 9);`+breakpoint+
		`CREATE FUNCTION tools.short_of(users) RETURNS short LANGUAGE sql AS 'SELECT $1.name::short';`+breakpoint+
		`CREATE FUNCTION tools.new_short() RETURNS short LANGUAGE sql AS $$SELECT 'x'::short$$;`+breakpoint+`CREATE TYPE mood AS ENUM ('ok');`+breakpoint+`ALTER TYPE`)
	edit(t, tree, sql, `"note" text DEFAULT '' NOT NULL`, `"note" short DEFAULT tools.new_short() NOT NULL`)
	edit(t, tree, snapshot, "\"type\": \"text\",\n          \"primaryKey\": false,\n          \"notNull\": true,\n          \"default\": \"''\"",
		"\"type\": \"short\",\n          \"primaryKey\": false,\n          \"notNull\": false,\n          \"default\": \"tools.new_short()\"")
	want := []string{
		"notice 0001_more.sql enum mood is not in Drizzle's snapshot: where the schema file has it neither, drizzle-kit push would drop it; declare it there and generate, or accept it",
		"warning 0001_more.sql column users.note differs from Drizzle's snapshot (not null: none in the snapshot, yes after the migrations); make the two the same",
	}
	got := drifts(t, server, tree, "0000_everything")
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestOldDriftThatIsTouched(t *testing.T) {
	tree := copied(t, "../../testdata/drizzle/declared/0.31")
	edit(t, tree, "drizzle/0000_everything.sql", `"ratio" real,`, `"ratio" double precision,`)
	edit(t, tree, "drizzle/0001_more.sql", `ALTER POLICY`, "ALTER TABLE users ALTER COLUMN ratio TYPE real;--> statement-breakpoint\n"+
		"ALTER TABLE users ALTER COLUMN ratio TYPE double precision;--> statement-breakpoint\nALTER POLICY")
	onDeclaredServers(t, func(t *testing.T, server *postgres.Server) {
		want := "notice 0001_snapshot.json not new here: 1 object that this review touches and the base branch's migrations make differs from its snapshot (column users.ratio)"
		if got := drifts(t, server, tree, "0000_everything"); len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
		}
	})
}

func TestOldDriftThatGoes(t *testing.T) {
	tree := copied(t, "../../testdata/drizzle/declared/0.31")
	edit(t, tree, "drizzle/0000_everything.sql", `"ratio" real,`, `"ratio" double precision,`)
	edit(t, tree, "drizzle/0001_more.sql", `ALTER POLICY`, "ALTER TABLE users ALTER COLUMN ratio TYPE real;--> statement-breakpoint\nALTER POLICY")
	onDeclaredServers(t, func(t *testing.T, server *postgres.Server) {
		if got := drifts(t, server, tree, "0000_everything"); len(got) > 0 {
			t.Errorf("unexpected:\n%s", strings.Join(got, "\n"))
		}
	})
}

// onDeclaredServers tests on each version that knows NULLS NOT DISTINCT, which
// the histories use.
func onDeclaredServers(t *testing.T, test func(*testing.T, *postgres.Server)) {
	t.Helper()
	tested := false
	for _, version := range postgrestest.Versions(t) {
		server := postgrestest.Server(t, version)
		if server.Major() < 15 {
			continue
		}
		tested = true
		t.Run(fmt.Sprintf("postgres %d", server.Major()), func(t *testing.T) { test(t, server) })
	}
	if !tested {
		postgrestest.Once(t)
		skip.Here(t, "no version that was asked for knows NULLS NOT DISTINCT")
	}
}

func TestExpressibleValue(t *testing.T) {
	tests := []struct{ name, value, want string }{
		{"definition", "CHECK ((length(a) < 100)) NOT VALID", "CHECK ((length(a) < 100))"},
		{"definition", "USING hnsw (e) WITH (m='16', ef_construction='64')", "USING hnsw (e) WITH (ef_construction='64', m='16')"},
		{"definition", "USING btree (a) WITH (fillfactor='70') WHERE (b > 0)", "USING btree (a) WITH (fillfactor='70') WHERE (b > 0)"},
		{"default", "nextval('a_id_seq'::regclass)", "the next number of its sequence"},
		{"default", "'NOT VALID'::text", "'NOT VALID'::text"},
	}
	for _, test := range tests {
		if got := expressibleValue(schema.Property{Name: test.name, Value: test.value}); got != test.want {
			t.Errorf("%s %q: got %q, want %q", test.name, test.value, got, test.want)
		}
	}
}
