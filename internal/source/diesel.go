package source

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// Diesel keeps a directory for each migration, and runs those whose version has
// no row.
const Diesel = "Diesel"

// https://github.com/diesel-rs/diesel/blob/main/diesel_migrations/migrations_internals/src/lib.rs
var dieselName = lazyregexp.New(`^(\d{4}-\d{2}-\d{2}-\d{6}|00000000000000)_`)

func diesel() tool {
	v := versions{
		tool: Diesel, order: strings.Compare,
		onLate: "give it a newer time",
		onTwin: "Diesel then runs only one of them, whichever the file system lists last; take a version of its own",
	}
	return tool{
		name: Diesel, key: "diesel", nested: true,
		detect: detectDiesel,
		load:   loadDiesel,
		leaves: leavesAllBut(Diesel, "the up.sql of directories"),
		onEdit: "Diesel remembers versions and not what was in the files, so databases that have run it stay at the old text",
		undo: &undoing{forget: func(_ quote.SQL, s, _ *step) quote.SQL {
			return `DELETE FROM ` + dieselTable + ` WHERE version = ` + quote.Text(s.key)
		}},
		withoutDown: "diesel migration revert fails on it",
		review:      v.review,
		places:      (*directory).dieselPlaces,
		runner:      func(r *review) Runner { return dieselLedger(v).ready(r) },
	}
}

func detectDiesel(d *directory) (Found, bool) {
	dirs := d.with("up.sql")
	if len(dirs) == 0 {
		return Found{}, false
	}
	found := Found{Dir: d.dir, Tool: Diesel, Dialect: postgresql}
	if !slices.ContainsFunc(dirs, dieselName.MatchString) && len(d.with("metadata.toml")) == 0 &&
		!d.aboveContain("diesel", "Cargo.toml") && !d.aboveHas("diesel.toml") {
		if d.hasRunnerOfUps(dirs) {
			return Found{}, false
		}
		found.Assumed = assumption(Diesel, "diesel", "its directories with an up.sql")
	}
	dialect, evidence := d.otherDialect(d.dieselFiles())
	dialect, evidence = d.orElse(d.dieselFiles(), dialect, evidence, func() (string, string) { return d.dialectOfCrate("diesel") })
	return found.inDialect(d, cmp.Or(dialect, postgresql), evidence), true
}

// numberedUp is a directory that no diesel makes, which puts a _ behind the version.
var numberedUp = lazyregexp.New(`^\d+-\D`)

// hasRunnerOfUps tells whether a program of the project's own runs such directories, as one
// in Go does that embeds migrations/*/up.sql.
func (d *directory) hasRunnerOfUps(dirs []string) bool {
	return !d.aboveHas("Cargo.toml") && (d.aboveHas("go.mod") || isMost(dirs, numberedUp.MatchString))
}

func (d *directory) dieselFiles() []string {
	var files []string
	for _, dir := range d.with("up.sql") {
		files = append(files, path.Join(dir, "up.sql"))
	}
	return files
}

func loadDiesel(d *directory, found Found) (*Folder, error) {
	l := layout{
		list: (*directory).dieselFiles, name: dieselStep, order: strings.Compare, tx: lint.TxFile,
		up: func(f *Folder, s *step) { d.dieselParts(f, s) },
		downs: func(d *directory) findDown {
			return func(s *step) string {
				if file := path.Join(s.name, "down.sql"); d.has(file) {
					return file
				}
				return ""
			}
		},
		prepare: func(f *Folder, back *step) { d.dieselParts(f, back) },
		check:   (*Folder).findInvalid,
	}
	return l.load(d, found)
}

func dieselStep(file string) (step, bool) {
	name := path.Dir(file)
	if strings.HasPrefix(name, ".") {
		return step{}, false
	}
	version, _, _ := strings.Cut(name, "_")
	return step{name: name, key: strings.ReplaceAll(version, "-", "")}, true
}

func (d *directory) dieselParts(f *Folder, s *step) {
	if s.text == "" {
		f.refuse(s, wholeFile, "is empty, so Diesel fails on it (“Attempted to run an empty migration”)")
		return
	}
	dir := path.Base(path.Dir(s.path))
	if text, err := d.read(path.Join(dir, "metadata.toml")); err == nil && !dieselInTransaction(text) {
		s.tx = lint.TxNone
	}
}

// dieselInTransaction reads metadata.toml. A file that does not say is taken
// for false; one that is no TOML is passed over, so for true.
func dieselInTransaction(text string) bool {
	document, err := parseTOML(text)
	if err != nil {
		return true
	}
	said, isSet := document["run_in_transaction"]
	return isSet && said != false
}

// findInvalid looks for directories on which Diesel stops.
func (f *Folder) findInvalid(d *directory) {
	for _, dir := range d.dirs {
		if strings.HasPrefix(dir, ".") || d.has(path.Join(dir, "up.sql")) {
			continue
		}
		file := path.Join(f.Dir, dir)
		const sentence = " has no up.sql, so Diesel refuses the whole folder (“Invalid migration directory”)"
		f.broken = file + sentence
		f.problems = append(f.problems, problem{rules.FileUnreadable.AtFile(file, dir+sentence+"; add the file, or move the directory"), "invalid " + file})
	}
}

const dieselTable = `"public"."__diesel_schema_migrations"`

func dieselLedger(v versions) ledger {
	const table = dieselTable
	return ledger{
		versions: v, table: table,
		setup: `CREATE TABLE IF NOT EXISTS ` + table + ` (
	version VARCHAR(50) PRIMARY KEY NOT NULL,
	run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
)`,
		applied: `SELECT version::text FROM ` + table + ` ORDER BY version COLLATE "C"`,
		record: func(s *step) quote.SQL {
			return `INSERT INTO ` + table + ` (version) VALUES (` + quote.Text(s.key) + `)`
		},
	}
}
