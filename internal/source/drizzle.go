package source

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

const (
	drizzleJournal = "meta/_journal.json"

	// breakpoint is looked for in the text, not in the SQL: inside comments,
	// strings and function bodies it splits as well.
	// https://github.com/drizzle-team/drizzle-orm/blob/main/drizzle-orm/src/migrator.ts
	breakpoint = "--> statement-breakpoint"
)

// drizzle is Drizzle before 1.0: drizzle-orm up to 0.45 with drizzle-kit up to
// 0.31.
func drizzle() tool {
	return tool{
		name: Drizzle, key: "drizzle",
		detect: detectDrizzle,
		load:   loadDrizzle,
		review: reviewDrizzle, declared: (*Folder).declared,
		onEdit: "Drizzle never compares the hash it keeps, so databases that have run it silently stay at the old version",
		runner: newDrizzleRunner,
		table:  drizzleTable, tableOn: drizzleTableOn,

		generated: true, separator: ";" + breakpoint + "\n",
	}
}

func detectDrizzle(d *directory) (Found, bool) {
	config, configured := d.drizzleConfig()
	found := Found{Dir: d.dir, Tool: Drizzle, Dialect: postgresql, Schema: config.schema, Table: config.table, Config: config.file, detected: config}
	switch {
	case slices.Contains(d.dirs, "meta") && d.has(drizzleJournal):
		if d.isSupabase() {
			found.Assumed = "Drizzle's migrator runs these migrations, not supabase db push (tool: supabase in .migvet.yml for the latter)"
		}
		return found.inDialect(d, dialectOf(d.text(drizzleJournal)), drizzleJournal), true
	case d.isDrizzle1():
		return Found{}, false
	case configured && len(d.sql()) > 0:
		return found.inDialect(d, config.dialect, path.Base(config.file)), true
	case len(d.sql()) > 0 && (d.hasSnapshots() || !d.isDrizzleElsewhere() && d.mostContain("^.*"+breakpoint)):
		return found.inDialect(d, "", ""), true
	default:
		return Found{}, false
	}
}

func (d *directory) isDrizzle1() bool {
	for _, child := range d.with("migration.sql") {
		if d.has(path.Join(child, snapshotOf1)) {
			return true
		}
	}
	return false
}

// isDrizzleElsewhere tells whether a configuration names a folder that has a journal.
// Files with breakpoints beside it, such as a backfill that somebody ran by hand, are
// none of Drizzle's then.
func (d *directory) isDrizzleElsewhere() bool {
	return slices.ContainsFunc(d.configs, func(c drizzleConfig) bool {
		_, err := fs.Stat(d.fsys, path.Join(c.out, drizzleJournal))
		return err == nil && c.out != d.dir
	})
}

// hasSnapshots tells whether drizzle-kit wrote here, even if its journal is
// gone.
func (d *directory) hasSnapshots() bool {
	if !slices.Contains(d.dirs, "meta") {
		return false
	}
	meta, err := openDirectory(d.fsys, path.Join(d.dir, "meta"))
	return err == nil && slices.ContainsFunc(meta.files, func(f string) bool { return strings.HasSuffix(f, "_snapshot.json") })
}

func loadDrizzle(d *directory, found Found) (*Folder, error) {
	f := &Folder{Found: found, files: map[string]string{}, parse: parseDrizzleStep}
	if err := f.readDrizzleJournal(d); err != nil {
		return nil, err
	}
	for i := range f.steps {
		if err := f.readDrizzleStep(d, &f.steps[i]); err != nil {
			return nil, err
		}
	}
	f.findOrphans(d)
	return f, nil
}

// prefixProblems tells that drizzle-kit does not find its own snapshots.
func (f *Folder) prefixProblems() []problem {
	i := slices.IndexFunc(f.steps, func(s step) bool { return strings.HasPrefix(s.name, "_") })
	if i < 0 {
		return nil
	}
	s := f.steps[i]
	return []problem{{rules.PrefixNone.AtFile(s.path, fmt.Sprintf(
		"%s has no prefix (migrations: { prefix: 'none' }), so drizzle-kit passes over its snapshot, and every generate writes the whole schema again; use the prefix index or timestamp", s.name)), "no prefix"}}
}

func (f *Folder) journalPath() string { return path.Join(f.Dir, drizzleJournal) }

func (f *Folder) readDrizzleJournal(d *directory) error {
	text, err := d.read(drizzleJournal)
	if errors.Is(err, fs.ErrNotExist) {
		f.broken = "meta/_journal.json does not exist"
		f.problems = append(f.problems, problem{Finding: rules.JournalInvalid.AtFile(f.journalPath(),
			"the journal does not exist, so Drizzle runs none of the migrations beside it; restore meta/_journal.json")})
		f.guessEntries(d)
		return nil
	}
	if err != nil {
		return err
	}
	f.files[f.journalPath()] = text
	j := readJournal(text)
	if j.broken != "" {
		f.broken = "meta/_journal.json cannot be read: " + j.broken
		f.problems = append(f.problems, problem{Finding: j.problem(f.journalPath())})
	}
	f.steps = slices.Grow(f.steps, len(j.entries))
	for _, e := range j.entries {
		f.addEntry(e)
	}
	return nil
}

// guessEntries takes every file of SQL for a migration, so that what a pull
// request adds is read even without a journal.
func (f *Folder) guessEntries(d *directory) {
	for i, name := range d.sql() {
		f.addEntry(journalEntry{Span: lint.Span{Start: lint.NoPos, End: lint.NoPos}, idx: i, tag: name[:len(name)-len(".sql")]})
	}
}

func (f *Folder) addEntry(e journalEntry) {
	if e.wrong != "" {
		f.problems = append(f.problems, problem{
			rules.JournalInvalid.At(f.journalPath(), e.Start, e.End, fmt.Sprintf("an entry of the journal is not as drizzle-kit writes it: %s; generate the migration again", e.wrong)),
			"entry " + e.tag + " " + e.wrong,
		})
	}
	if e.tag == "" {
		return
	}
	f.steps = append(f.steps, step{
		name: e.tag, path: path.Join(f.Dir, e.tag+".sql"), number: numberOf(e.tag), aliases: e.otherNames(),
		listed: e.Span, tx: lint.TxAllPending, own: drizzleEntry{when: e.when, idx: e.idx},
	})
}

// otherNames are the number that the journal gives a migration whose name begins with
// none, or with a time.
func (e journalEntry) otherNames() []string {
	if n := len(numberOf(e.tag)); n > 0 && n <= len("0000") {
		return nil
	}
	return []string{strconv.Itoa(e.idx)}
}

// A drizzleEntry is what only Drizzle keeps of a migration.
type drizzleEntry struct {
	when int64 // it was made, in milliseconds since 1970
	idx  int   // the place that its journal gives it, before 1.0
}

// drizzleWhen returns the time by which Drizzle orders a step; 0 for none, and for
// one of another tool.
func drizzleWhen(s *step) int64 {
	e, _ := s.own.(drizzleEntry)
	return e.when
}

func drizzleIdx(s *step) int {
	e, _ := s.own.(drizzleEntry)
	return e.idx
}

func (f *Folder) readDrizzleStep(d *directory, s *step) error {
	text, err := d.read(s.name + ".sql")
	if errors.Is(err, fs.ErrNotExist) {
		s.missing = true
		return nil
	}
	if err != nil {
		return err
	}
	parseDrizzleStep(f, s, text)
	return nil
}

func parseDrizzleStep(f *Folder, s *step, text string) {
	f.read(s, text, splitBreakpoints(text))
}

// splitBreakpoints returns what Drizzle sends, piece by piece.
func splitBreakpoints(text string) []lint.Span {
	var chunks []lint.Span
	start := 0
	for {
		n := strings.Index(text[start:], breakpoint)
		if n < 0 {
			return append(chunks, lint.Span{Start: start, End: len(text)})
		}
		chunks = append(chunks, lint.Span{Start: start, End: start + n})
		start += n + len(breakpoint)
	}
}

// findOrphans looks for SQL without an entry. When the journal cannot be read
// nothing is said: everything could be an orphan then.
func (f *Folder) findOrphans(d *directory) {
	if f.broken != "" {
		return
	}
	listed := map[string]bool{}
	for _, s := range f.steps {
		listed[s.name+".sql"] = true
	}
	for _, name := range d.sql() {
		if listed[name] {
			continue
		}
		file := path.Join(f.Dir, name)
		f.problems = append(f.problems, problem{
			rules.MigrationOrphaned.AtFile(file, fmt.Sprintf("%s is not in meta/_journal.json, so Drizzle never runs it; create it with drizzle-kit generate --custom, or move it out of the folder", name)),
			"orphan " + file,
		})
	}
}
