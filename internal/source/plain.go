package source

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/yamltext"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// plain is a folder of SQL files of which no tool is known: they run in the
// order of their names, each in a transaction, and what the base branch has is
// applied.
func plain() tool {
	return tool{
		name: Plain, key: "plain",
		detect:      detectPlain,
		load:        loadPlain,
		review:      reviewPlain,
		runner:      func(r *review) Runner { return plainRunner{r} },
		undo:        &undoing{},
		withoutDown: "nothing takes it back",
	}
}

var (
	numberedFile = lazyregexp.New(`(?i)^v?\d+[-_.][^/]*\.sql$`)
	numberFirst  = lazyregexp.New(`(?i)^v?\d`)
	anyNumber    = lazyregexp.New(`\d`)
	backwardFile = lazyregexp.New(`(?i)[._-](down|undo|rollback|revert)\.sql$`)

	migrationFolders = []string{"migrations", "migration", "migrate"}
	backwardFolders  = []string{"down", "downs", "undo", "rollback", "rollbacks", "revert", "reverts"}
	dataFolders      = []string{"seed", "seeds", "seeders", "seeding", "query", "queries", "fixture", "fixtures"}
)

func detectPlain(d *directory) (Found, bool) {
	files := d.forward()
	if d.holdsNoneBut(latestSchema) {
		if found, ok := detectVersioned(d); ok || len(files) == 0 {
			return found, ok
		}
	}
	if len(files) == 0 {
		return Found{}, false
	}
	if d.holdsData() {
		return Found{}, false
	}
	if !d.isNumbered(files) {
		return Found{}, false
	}
	return d.plain(), true
}

// isNumbered tells whether the names of files put them in order. In a directory called
// migrations they run in the order of their names, whatever these are; migrate and
// migration may be programs, too, so a number anywhere in one name is asked for.
func (d *directory) isNumbered(files []string) bool {
	switch name := strings.ToLower(path.Base(d.dir)); {
	case name == "migrations":
		return true
	case slices.Contains(migrationFolders, name):
		return slices.ContainsFunc(files, anyNumber.MatchString)
	default:
		return isMost(files, numberedFile.MatchString)
	}
}

// plain describes a directory as plain SQL.
func (d *directory) plain() Found {
	found := Found{Dir: d.dir, Tool: Plain, Dialect: postgresql, Assumed: d.doubtfulOrder()}
	return found.inDialect(d, "", "")
}

// forward returns the files that migrate forwards, in their order. A schema.sql beside
// numbered files is what they make.
func (d *directory) forward() []string {
	files := slices.DeleteFunc(slices.Clone(d.sql()), backwardFile.MatchString)
	if !isMost(files, numberedFile.MatchString) {
		return files
	}
	files = slices.DeleteFunc(files, func(f string) bool {
		return slices.Contains(dumpFiles, strings.ToLower(f)) || !numberFirst.MatchString(f)
	})
	if countsUp(files) {
		slices.SortStableFunc(files, compareNumbers)
	}
	return files
}

// countsUp tells whether files are numbered 1, 2 … 10 without leading zeros, so that their
// order is that of the numbers, and not of the text, in which 10 comes before 2.
func countsUp(files []string) bool {
	const ordinal = 5 // digits: more is a time, which has no leading zeros either
	contradicts := false
	for i, f := range files {
		n := numberOf(f)
		if n == "" || len(n) > ordinal || len(n) > 1 && n[0] == '0' || strings.Trim(n, "0123456789") != "" {
			return false
		}
		contradicts = contradicts || i > 0 && numericallyAfter(numberOf(files[i-1]), n)
	}
	return contradicts
}

func compareNumbers(a, b string) int {
	return cmp.Or(compareVersions(a, b), strings.Compare(a, b))
}

// holdsData tells whether the path says that this is SQL of another kind.
func (d *directory) holdsData() bool {
	parts := strings.Split(strings.ToLower(d.dir), "/")
	return slices.Contains(backwardFolders, parts[len(parts)-1]) ||
		slices.ContainsFunc(parts, func(p string) bool { return slices.Contains(dataFolders, p) })
}

// doubtfulOrder warns of numbers without leading zeros, which sort as text.
func (d *directory) doubtfulOrder() string {
	files := d.forward()
	byNumber := countsUp(slices.Sorted(slices.Values(files)))
	for i := 1; i < len(files); i++ {
		a, b := numberOf(files[i-1]), numberOf(files[i])
		if a == "" || b == "" {
			continue
		}
		if byNumber && files[i-1] > files[i] {
			return fmt.Sprintf("files run in the order of their numbers, so %s before %s; pad the numbers with zeros if they run in that of their names as text (tool: plain in .migvet.yml confirms that it is right)", files[i-1], files[i])
		}
		if !numericallyAfter(a, b) {
			continue
		}
		return fmt.Sprintf("files run in the order of their names as text, so %s before %s; pad the numbers with zeros if that is wrong (tool: plain in .migvet.yml confirms that it is right)", files[i-1], files[i])
	}
	return ""
}

// numericallyAfter compares two strings of digits of any length.
func numericallyAfter(a, b string) bool {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return len(a) > len(b) || len(a) == len(b) && a > b
}

func loadPlain(d *directory, found Found) (*Folder, error) {
	if found.versioned {
		return loadVersioned(d, found)
	}
	files, forward := d.sql(), d.forward()
	f := &Folder{Found: found, files: map[string]string{}, parse: parseWhole, forward: !slices.ContainsFunc(files, backwardFile.MatchString)}
	l := layout{tx: lint.TxFile, prepare: func(_ *Folder, back *step) { back.autocommit() }}
	down := downsByKey(files, backwardStem, forwardStem)
	matched := map[string]bool{}
	f.steps = make([]step, 0, len(forward))
	for _, name := range forward {
		text, err := d.read(name)
		if err != nil {
			return nil, err
		}
		s := step{
			name: name[:len(name)-len(".sql")], path: path.Join(f.Dir, name), number: numberOf(name),
			listed: lint.Span{Start: lint.NoPos, End: lint.NoPos}, tx: lint.TxFile,
		}
		parseWhole(f, &s, text)
		s.autocommit()
		l.downFile(f, d, &s, down)
		matched[down(&s)] = true
		f.steps = append(f.steps, s)
	}
	var backwards []plainBackward
	for _, name := range files {
		if backwardFile.MatchString(name) {
			backwards = append(backwards, plainBackward{path.Join(f.Dir, name), matched[name]})
		}
	}
	f.own = backwards
	f.byNumber = countsUp(slices.Sorted(slices.Values(forward)))
	f.leaveBeside(d, forward)
	return f, nil
}

// parseWhole sends a file as one message.
func parseWhole(f *Folder, s *step, text string) {
	f.read(s, text, []lint.Span{{Start: 0, End: len(text)}})
}

// A plainBackward is a file that is called like the way back.
type plainBackward struct {
	path    string
	matched bool // of a migration that is there
}

// plainBackwards are the files of a plain folder that are called like 0001_a.down.sql.
func plainBackwards(f *Folder) []plainBackward {
	all, _ := f.own.([]plainBackward)
	return all
}

// backwardAlone tells of new files that are called like ways back and may be none:
// those of no migration, and the first of a folder whose runner runs all files, for
// all that is known.
func (r *review) backwardAlone() []Unchecked {
	before := map[plainBackward]bool{}
	if r.from != nil {
		for _, b := range plainBackwards(r.from) {
			before[b] = true
		}
	}
	var all []Unchecked
	for _, b := range plainBackwards(r.to) {
		switch {
		case before[b]:
		case !b.matched:
			all = append(all, Unchecked{Path: b.path, Reason: "is called like the way back of a migration that is not there, so whatever runs the folder may run it forwards; name it after its migration, or call it otherwise"})
		case !r.to.chosen && r.from != nil && len(r.from.steps) > 0 && len(plainBackwards(r.from)) == 0:
			all = append(all, Unchecked{Path: b.path, Reason: "is the first file of the folder that is called like a way back, and migvet does not know whether what runs the folder leaves it out; tool: plain in .migvet.yml says that it does"})
		}
	}
	return all
}

var forwardEnd = lazyregexp.New(`(?i)[._-](up|do)$`)

// forwardStem is how a migration and its way back are both called: 0001_a for
// 0001_a.up.sql.
func forwardStem(s *step) string {
	return popEnd.ReplaceAllString(forwardEnd.ReplaceAllString(s.name, ""), "")
}

var (
	// popEnd is what pop lets names say, each file for itself: the database that it is for,
	// and that it runs in no transaction. 1_a.postgres.autocommit.up.sql goes back by
	// 1_a.down.sql, too. https://gobuffalo.io/documentation/database/migrations/
	popEnd = lazyregexp.New(`(?i)(?:\.(?:postgres|cockroach))?(?:\.autocommit)?$`)

	autocommitName = lazyregexp.New(`(?i)\.autocommit(?:\.(?:up|down))?$`)
)

// autocommit takes the transaction from a step whose name says so.
func (s *step) autocommit() {
	if autocommitName.MatchString(s.name) {
		s.tx = lint.TxNone
	}
}

// backwardStem is the migration that a file takes back: 0001_a for 0001_a.down.sql, ""
// for files that go forwards.
func backwardStem(file string) string {
	if at := backwardFile.FindStringIndex(file); at != nil {
		return popEnd.ReplaceAllString(file[:at[0]], "")
	}
	return ""
}

func reviewPlain(r *review) {
	for i, s := range r.gone {
		if to := r.renamedTo[i]; to != nil {
			r.report(rules.MigrationRenamed.AtFile(to.path, fmt.Sprintf(
				"%s is on %s and was renamed to %s; tools remember names, so it runs again where it has run; keep the old name", s.name, r.base, to.name)).Together("the same goes for", s.name))
		}
	}
	r.sortsBefore()
	if r.to.versioned {
		return // each directory has a version of its own
	}
	for _, d := range r.duplicates(numberKey) {
		r.report(rules.MigrationDuplicate.AtFile(d.step.path, fmt.Sprintf(
			"%s has the number of %s; which runs first is left to the rest of the name, and many tools refuse it; take the next free number, or say of the one that does not run, %s", d.step.name, d.other.name, r.to.Place.Under(r.to.Dir, "exclude: ["+yamltext.Pattern(path.Base(d.step.path))+"]"))))
	}
}

func numberKey(s *step) []string {
	if s.number == "" {
		return nil
	}
	return []string{"number " + strings.TrimLeft(s.number, "0")}
}

// sortsBefore reports new files that are not at the end.
func (r *review) sortsBefore() {
	if r.from == nil || len(r.from.steps) == 0 {
		return
	}
	newest := &r.from.steps[len(r.from.steps)-1]
	for _, s := range r.added {
		if !r.to.comesBefore(s, newest) {
			continue
		}
		f := rules.MigrationOutOfOrder.AtFile(s.path, fmt.Sprintf(
			"%s sorts before %s, which is on %s; new databases run it earlier than deployed ones, and many tools refuse or skip it; give it a later name", s.name, newest.name, r.base))
		f.Severity = lint.Warning
		r.report(f)
	}
}

// plainRunner writes nothing down: what is on the base branch has run. The history table
// that the configuration names is there, empty, for migrations that mention it: nobody
// knows the columns that the project's own runner gives it.
type plainRunner struct{ review *review }

func (r plainRunner) Setup() quote.SQL {
	if r.review.to.Table == "" {
		return ""
	}
	sql := "CREATE TABLE IF NOT EXISTS " + r.Table() + " (version text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
	if r.review.to.Schema != "" {
		sql = "CREATE SCHEMA IF NOT EXISTS " + quote.Name(r.review.to.Schema) + "; " + sql
	}
	return sql
}

func (r plainRunner) Table() quote.SQL {
	if r.review.to.Table == "" {
		return ""
	}
	return withPublic(r.review.to.historyTable(""))
}

func (plainRunner) Applied() quote.SQL               { return "" }
func (plainRunner) Record(*lint.Migration) quote.SQL { return "" }

func (r plainRunner) Pending(_ []string, head []*lint.Migration) ([]*lint.Migration, error) {
	return r.review.unapplied(head), nil
}
