package source

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// A Folder is a folder of migrations as one branch has it. It does not change
// after Load. Review may still look into the tree.
type Folder struct {
	Found

	schemas    []string // that are there before the tool runs anything
	searchPath string   // of the tool's sessions; "" for the server's

	cut              bool  // later migrations were left out, though the tree has them
	fsys             fs.FS // the tree it was loaded from, for what is only looked up when it is wanted
	steps            []step
	problems         []problem
	unchecked        []Unchecked
	configuredPlaces toolPlaces
	forward          bool              // it holds no downs, and nobody misses them here
	broken           string            // why the tool would run nothing at all; "" when it would
	stop             stop              // where it would end
	files            map[string]string // text of what was read, by path
	own              any               // what only its tool knows of it: sqitchPlaces, liquibaseSettings, …

	// parse reads the file of a step, whose text may be another one than when the
	// folder was loaded.
	parse func(f *Folder, s *step, text string)
}

// A problem is something wrong with a folder, whatever the other branch holds.
type problem struct {
	lint.Finding

	// known names what is wrong, so that a problem the base branch has too is
	// not held against the branch under review; "" is reported always.
	known string
}

// Load reads the folder that was found, as the tree of fsys has it. What is
// wrong with the content is reported by Review; an error means that files
// could not be read at all.
func Load(fsys fs.FS, f Found) (*Folder, error) {
	t, ok := toolNamed(f.Tool)
	if !ok || f.Skip != "" {
		return nil, fmt.Errorf("%s: cannot be read as %s: %s", f.Dir, f.Tool, f.Skip)
	}
	if f.settings != nil {
		fsys = withSettings{fsys, f.settings}
	}
	d, err := openDirectory(fsys, f.Dir)
	if err != nil {
		return nil, fmt.Errorf("reading migrations in %s: %w", f.Dir, err)
	}
	f.nameTable(d, t)
	folder, err := t.load(d, f)
	if err != nil {
		return nil, fmt.Errorf("reading migrations in %s: %w", f.Dir, err)
	}
	if t.configure != nil {
		t.configure(folder, d)
	}
	folder.configuredPlaces = d.placesOf(t)
	if f.places != nil {
		folder.configuredPlaces = *f.places
	}
	folder.fsys = fsys
	folder.findStrange(d, t)
	folder.unchecked = slices.Concat(f.doubts, folder.unchecked, f.refused, d.refused)
	return folder, nil
}

// Names returns what the tool calls the migrations, in the order it runs them.
func (f *Folder) Names() []string {
	names := make([]string, len(f.steps))
	for i, s := range f.steps {
		names[i] = s.name
	}
	return names
}

// Until returns the folder as it was when the given migration was the newest.
// The version is a migration's name, its file or its number.
func (f *Folder) Until(version string) (*Folder, error) {
	last := f.find(version)
	if last < 0 {
		return nil, fmt.Errorf("there is no migration %q in %s%s", version, f.Dir, lint.DidYouMean(version, f.Names()))
	}
	until := *f
	until.steps, until.cut = f.steps[:last+1], true
	until.problems, until.unchecked = nil, nil
	limit := path.Base(f.steps[last].path)
	for _, p := range f.problems {
		if p.Rule == rules.MigrationOrphaned.ID && path.Base(p.Path) <= limit {
			until.problems = append(until.problems, p)
		}
	}
	return &until, nil
}

// find returns the index of the migration that a person means, or -1.
func (f *Folder) find(version string) int {
	matches := []func(step) bool{
		func(s step) bool { return s.name == version || s.path == version },
		func(s step) bool { return path.Base(s.path) == path.Base(version) },
		func(s step) bool { return s.number != "" && s.number == version },
		func(s step) bool { return sameNumber(s.number, version) },
	}
	for _, match := range matches {
		for i := len(f.steps) - 1; i >= 0; i-- {
			if match(f.steps[i]) {
				return i
			}
		}
	}
	return -1
}

func sameNumber(a, b string) bool {
	x, errX := strconv.ParseUint(a, 10, 64)
	y, errY := strconv.ParseUint(b, 10, 64)
	return errX == nil && errY == nil && x == y
}

// reread returns a step as it would be with another text.
func (f *Folder) reread(s *step, raw string) *step {
	again := &step{name: s.name, path: s.path, number: s.number, key: s.key, listed: s.listed, tx: s.tx}
	f.parse(&Folder{Found: f.Found, files: map[string]string{}}, again, raw)
	return again
}
