package source

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestRefuted takes folders of 1_name.up.sql for golang-migrate's unless something speaks
// against it.
func TestRefuted(t *testing.T) {
	const a, twin = "db/0007_boats.up.sql", "db/7_ports.up.sql"
	for _, c := range []struct {
		name  string
		files []string
		want  string // tool, and behind "~" part of what is assumed
	}{
		{"names alone", []string{a}, GolangMigrate + " ~by the names of its files"},
		{"twins", []string{a, twin}, Plain + " ~golang-migrate refuses two migrations of one version (0007_boats and 7_ports)"},
		{"twins, and a manifest", []string{a, twin, "go.mod: require github.com/golang-migrate/migrate/v4 v4.19.0"}, GolangMigrate + " ~"},
		{"twins, and a command", []string{a, twin, "Makefile: up:\n\tmigrate -path db -database $(URL) up"}, GolangMigrate + " ~by the names"},
		{"another library", []string{a, "go.mod: require maragu.dev/migrate v0.5.0"}, Plain + " ~go.mod names maragu.dev/migrate"},
		{"pop", []string{a, "go.mod: require github.com/gobuffalo/pop/v6 v6.1.1"}, Plain + " ~go.mod names github.com/gobuffalo/pop"},
		{"Ory's pop", []string{a, "go.mod: require github.com/ory/pop/v6 v6.3.0"}, Plain + " ~go.mod names github.com/ory/pop"},
		{"many digits", []string{"db/20240100000001000000_a.up.sql", "db/0007_boats.up.sql", "db/20240200000001000000_b.up.sql", "go.mod: require github.com/golang-migrate/migrate/v4 v4.19.0"}, Plain + " ~does not hold 20240100000001000000"},
		{"one slip of the hand", []string{a, "db/202401000000010000000_b.up.sql"}, GolangMigrate + " ~by the names"},
		{"both libraries", []string{a, "go.mod: require (\n\tmaragu.dev/migrate v0.5.0\n\tgithub.com/golang-migrate/migrate/v4 v4.19.0\n)"}, GolangMigrate + " ~"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := loaded(t, nil, append(slices.Clone(c.files), "db/0007_boats.down.sql: DROP TABLE t;")...)
			tool, assumed, _ := strings.Cut(c.want, " ~")
			if f.Tool != tool || !strings.Contains(f.Assumed, assumed) || (f.Assumed == "") != (assumed == "") {
				t.Errorf("taken for %s (%s)", f.Tool, f.Assumed)
			}
			s := Review(nil, f, ReviewOptions{})
			if down := s.Undo.Down(s.History.New[0]); down == nil || down.Path != "db/0007_boats.down.sql" {
				t.Errorf("its down is %+v", down)
			}
		})
	}
	tree := tree(a, twin)
	if f, err := At(tree, "db", "golang-migrate"); err != nil || f.Tool != GolangMigrate {
		t.Errorf("who names golang-migrate gets %s, %v", f.Tool, err)
	}
}

// TestRefutedByOneBranch reads the folder as the base does: what a branch adds or takes
// away proves nothing about the tool.
func TestRefutedByOneBranch(t *testing.T) {
	one, two := tree("db/1_a.up.sql"), tree("db/1_a.up.sql", "db/1_b.up.sql")
	for _, c := range []struct {
		base, head fstest.MapFS
		tool, rule string // rule of the only finding, "" for none
	}{
		{one, two, GolangMigrate, "migration-duplicate"},
		{two, tree("db/1_a.up.sql", "db/1_b.up.sql", "db/2_c.up.sql"), Plain, ""},
		{two, one, Plain, "migration-deleted"},
	} {
		was, err := Detect(c.base)
		if err != nil {
			t.Fatal(err)
		}
		found, err := Detect(c.head)
		if err != nil {
			t.Fatal(err)
		}
		read, err := BaseReading{Tree: c.base, Found: was, Named: func(string) bool { return false }}.Apply(c.head, found)
		if err != nil || len(read) != 1 {
			t.Fatalf("%+v, %v", read, err)
		}
		s := Review(mustLoad(t, c.base, was[0]), mustLoad(t, c.head, read[0]), ReviewOptions{})
		said := strings.Join(brief(s), "\n")
		if s.Tool != c.tool || len(s.Findings) > 1 || !strings.Contains(said, c.rule) || (said == "") != (c.rule == "") {
			t.Errorf("read as %s, said %q", s.Tool, said)
		}
	}
}

// TestRefutedBySettings has a branch that refutes the tool bring settings, too: those of
// the base count, as in every folder that is read as it was.
func TestRefutedBySettings(t *testing.T) {
	const settings = "DATABASE_URL=postgres://localhost/a?x-migrations-table="
	base := tree("db/1_a.up.sql", ".env: "+settings+"ran")
	head := tree("db/1_a.up.sql", "db/1_b.up.sql", ".env: "+settings+"other")
	was, err := Detect(base)
	if err != nil {
		t.Fatal(err)
	}
	found, err := Detect(head)
	if err != nil {
		t.Fatal(err)
	}
	read, err := BaseReading{Tree: base, Found: was, Strangers: true, Named: func(string) bool { return false }}.Apply(head, found)
	if err != nil || len(read) != 1 {
		t.Fatalf("%+v, %v", read, err)
	}
	if f := mustLoad(t, head, read[0]); f.Tool != GolangMigrate || f.Table != "ran" {
		t.Errorf("%s keeps what has run in %q", f.Tool, f.Table)
	}
}

func mustLoad(t *testing.T, tree fstest.MapFS, f Found) *Folder {
	t.Helper()
	folder, err := Load(tree, f)
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// TestRefusedOnBase tells what the tool refuses on the base branch, too, from what is new.
func TestRefusedOnBase(t *testing.T) {
	for _, c := range []struct {
		name      string
		base, new []string
		onBase    bool
	}{
		{"twins on the base", []string{"db/V1__a.sql", "db/x/V1__b.sql"}, []string{"db/V2__c.sql"}, true},
		{"a new twin", []string{"db/V1__a.sql"}, []string{"db/V1.0__b.sql"}, false},
		{"a name that stops Encore", []string{"encore.app: {}", "m/1_a.up.sql", "m/b.sql"}, []string{"m/2_c.up.sql"}, true},
		{"a new name that stops Encore", []string{"encore.app: {}", "m/1_a.up.sql"}, []string{"m/b.sql"}, false},
		{"a folder without a file", []string{"p/migration_lock.toml: provider = \"postgresql\"", "p/1_a/migration.sql", "p/0_b/notes.md"}, []string{"p/2_c/migration.sql"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := Review(loaded(t, nil, c.base...), loaded(t, nil, append(slices.Clone(c.base), c.new...)...), ReviewOptions{})
			_, err := s.Runner.Pending(nil, s.Head)
			var r *Refusal
			if !errors.As(err, &r) || r.OnBase != c.onBase {
				t.Errorf("%v: %+v", err, r)
			}
		})
	}
}
