package source

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
)

// A PassedOver is a folder of SQL that does not count as one of migrations unless a
// person names it.
type PassedOver struct {
	Dir  string
	Why  string // "lies in tests, whose SQL is no migration"
	Tool string // whose folder it would be, as the configuration writes it

	// Beside: it might hold migrations, if there were none elsewhere.
	Beside bool
}

// Words of directories that hold what is no migration. Each is a directory's whole name, or
// one of several words of it.
var (
	testWords = []string{"test", "tests", "testing", "testdata", "spec", "specs", "e2e", "pgtap", "fixture", "fixtures", "stub", "stubs", "mock", "mocks"}

	// testCompany are the words that make no other thing of a test: integration-tests,
	// test_data. A test-service is a service.
	testCompany = []string{"integration", "unit", "functional", "acceptance", "data", "db", "database", "sql", "pg", "postgres", "resources", "migration", "migrations", "suite"}

	// setupFolders make a database once, or print one: nothing runs them at a deploy.
	setupFolders = []string{
		"initdb", "initdb.d", "docker-entrypoint-initdb.d", "init-scripts", "init_scripts", "init", "init.d",
		"dump", "dumps", "backup", "backups", "snapshot", "snapshots", "structure",
		"one-off", "one_off", "oneoff", "oneoffs", "adhoc", "ad-hoc", "ad_hoc", "manual",
	}

	// dumpFiles print what migrations have made.
	dumpFiles = []string{"schema.sql", "structure.sql", "dump.sql"}
)

// PassesOver tells why the SQL in a directory is not taken for migrations by the
// directory's name; "" when the name says nothing of the kind.
func PassesOver(dir string) string {
	parts := strings.Split(strings.ToLower(dir), "/")
	for i, part := range parts {
		if isTestFolder(part, i == len(parts)-1) {
			return "lies in " + strings.Join(strings.Split(dir, "/")[:i+1], "/") + ", and what tests use is no migration"
		}
	}
	return ""
}

// isTestFolder tells whether a directory holds tests. The last one may be called
// test_billing_migrations.
func isTestFolder(name string, last bool) bool {
	words := wordsOf(name)
	tests, others, migrations := 0, 0, false
	for _, w := range words {
		switch {
		case slices.Contains(testWords, w):
			tests++
		case !slices.Contains(testCompany, w):
			others++
		}
		migrations = migrations || slices.Contains(migrationFolders, w)
	}
	return tests > 0 && (others == 0 || last && migrations && isEither(testWords, words[0], words[len(words)-1]))
}

func isEither(list []string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
}

// testsInPgTAP tells whether most files plan tests and finish them.
// https://pgtap.org/documentation.html#iloveitwhenaplancomestogether
func (d *directory) testsInPgTAP() bool {
	return d.mostContain(`(?i)\bSELECT\s+(\*\s+FROM\s+)?(\w+\.)?((no_)?plan\s*\(\s*\d*\s*\)|finish\s*\(\s*\))`)
}

// passes says why a folder that looks like one of migrations is passed over by what it
// is called or holds; "" when it counts.
func (d *directory) passes(f Found) string {
	if f.Tool != Plain {
		return ""
	}
	if name := strings.ToLower(path.Base(d.dir)); slices.Contains(setupFolders, name) {
		return "is called " + path.Base(d.dir) + ", and what makes a database once is no migration"
	}
	if DeclaresSchema(d.dir) {
		return "declares the schema of which supabase db diff makes migrations"
	}
	if d.testsInPgTAP() {
		return "holds tests in pgTAP"
	}
	return ""
}

// DeclaresSchema tells whether a directory or file is in supabase/schemas, which nobody runs:
// supabase db diff compares it with what the migrations make, and writes the next one.
// https://supabase.com/docs/guides/local-development/declarative-database-schemas
func DeclaresSchema(name string) bool {
	return strings.Contains("/"+name+"/", "/supabase/schemas/")
}

// A candidate is a folder that looks like one of migrations.
type candidate struct {
	Found
	passed    string // why it does not count; "" when it does
	beside    bool   // because another one does
	directory *directory
}

// isOwn tells whether it counts as a folder of a tool for PostgreSQL.
func (c candidate) isOwn() bool { return c.passed == "" && c.Skip == "" && c.Tool != Plain }

// weigh passes over what does not count beside others.
func weigh(all []candidate) {
	if !slices.ContainsFunc(all, func(c candidate) bool { return c.passed == "" && c.Skip == "" }) {
		restoreTools(all)
	}
	for i, c := range all {
		if at := slices.IndexFunc(all, c.isFormer); at >= 0 {
			all[i].beside = true
			all[i].passed = fmt.Sprintf("is called after what is not used any more, and %s beside it is a folder of %s", all[at].Dir, all[at].Tool)
			continue
		}
		if why := c.whySetAside(all); why != "" {
			all[i].beside, all[i].passed = true, why
			continue
		}
		if c.Tool != Plain || c.refuted != "" || c.passed != "" || c.Skip != "" {
			continue
		}
		if at := slices.IndexFunc(all, func(other candidate) bool { return c.yields(other) }); at >= 0 {
			all[i].beside = true
			all[i].passed = fmt.Sprintf("holds files of SQL of no known tool, and %s is a folder of %s", all[at].Dir, all[at].Tool)
		}
	}
}

// formerWords are words of directories that keep what was in use: migrations_legacy, what
// a first migration was squashed from.
var formerWords = []string{"legacy", "archive", "archived", "old", "squashed", "deprecated", "backup", "bak"}

// isFormer tells whether a folder has the name of another of the same tool beside it, which
// says that it holds migrations, and a word that says that it is no longer in use:
// migrations_legacy. An archive may be a program of its own, and events_archive beside events
// a table of its own.
func (c candidate) isFormer(other candidate) bool {
	if !c.isOwn() || !other.isOwn() || c.Tool != other.Tool || path.Dir(c.Dir) != path.Dir(other.Dir) {
		return false
	}
	words, others := wordsOf(path.Base(c.Dir)), wordsOf(path.Base(other.Dir))
	rest := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(formerWords, w) })
	t, _ := toolNamed(c.Tool)
	says := slices.ContainsFunc(others, func(w string) bool { return slices.Contains(migrationFolders, w) || w == t.key })
	return says && len(rest) < len(words) && slices.Equal(rest, others)
}

// wordsOf splits a name into its words, in small letters.
func wordsOf(name string) []string {
	return strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// restoreTools has folders of tools count where there is nothing but tests: a library
// that is made of them.
func restoreTools(all []candidate) {
	for i, c := range all {
		if c.Tool != Plain && c.Assumed == "" {
			all[i].passed = ""
		}
	}
}

// yields tells whether a plain folder does not count beside a tool's: below its own
// folder a tool has the real one, unless there is less in it; elsewhere a folder that is
// not called after migrations holds a copy, a dump, what somebody runs by hand.
func (c candidate) yields(other candidate) bool {
	if !other.isOwn() {
		return false
	}
	if isBelow(other.Dir, c.Dir) && len(c.directory.sql()) <= len(other.directory.sqlBelow("")) {
		return true
	}
	return !namesMigrations(c.Dir) && !(c.versioned && slices.Contains(versionedFolders, strings.ToLower(path.Base(c.Dir))))
}

// namesMigrations tells whether a directory or the one that it is in is called after
// migrations: migrations/postgres.
func namesMigrations(dir string) bool {
	for range 2 {
		words := strings.FieldsFunc(strings.ToLower(path.Base(dir)), func(r rune) bool { return !unicode.IsLetter(r) })
		if slices.ContainsFunc(words, func(w string) bool { return slices.Contains(migrationFolders, w) }) {
			return true
		}
		dir = path.Dir(dir)
	}
	return false
}

// Survey is Detect, and tells what was passed over as well.
func Survey(fsys fs.FS, below ...string) ([]Found, []PassedOver, error) {
	if len(below) == 0 {
		below = []string{"."}
	}
	s := search{fsys: fsys, below: below, seen: map[string]bool{}, linked: map[string]bool{}}
	for _, dir := range below {
		if err := s.walk(path.Clean(dir), 0, false); err != nil {
			return nil, nil, err
		}
	}
	s.addConfigured()
	return s.results()
}

// NotSearched lists the directories that nobody looks for migrations in, since they hold
// what others wrote or what was built: node_modules, .github.
func NotSearched(fsys fs.FS) ([]string, error) {
	s := search{fsys: fsys, below: []string{"."}, seen: map[string]bool{}, linked: map[string]bool{}}
	err := s.walk(".", 0, false)
	return s.unsearched, err
}
