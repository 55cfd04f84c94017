package source

import (
	"fmt"
	"io/fs"
	"slices"

	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/lint"
)

// A Folder is a folder of migrations as one branch has it. It does not change
// after Load. Review may still look into the tree.
type Folder struct {
	Found

	schemas    []string // that are there before the tool runs anything
	searchPath string   // of the tool's sessions; "" for the server's

	byNumber         bool  // files are numbered 1, 2 … 10, and run in that order
	cut              bool  // later migrations were left out, though the tree has them
	fsys             fs.FS // the tree it was loaded from, for what is only looked up when it is wanted
	steps            []step
	problems         []problem
	unchecked        []Unchecked
	leftOut          []leftOut
	others           []otherFile // for other databases
	further          []string    // directories that are read together with it
	among            string      // what says that it does not run by itself; "" where nothing does
	configuredPlaces toolPlaces
	forward          bool                     // it holds no downs, and nobody misses them here
	templateWhy      string                   // why files without values are not checked, where most are templates; "" where they are none
	fillBefore       func(f *Folder, s *step) // puts values of placeholders into SQL beside the migrations; nil for none
	setup            []SetupFile
	otherRoots       []otherListed
	lists            []string          // files that were read to know what runs
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
// could not be read at all, or that the tool's reader panicked: [rescue.In] tells.
func Load(fsys fs.FS, f Found) (*Folder, error) {
	t, ok := toolNamed(f.Tool)
	if !ok || f.Skip != "" {
		return nil, fmt.Errorf("%s: cannot be read as %s: %s", f.Dir, f.Tool, f.Skip)
	}
	if f.settings != nil {
		fsys = withSettings{fsys, f.settings}
	}
	fsys = Without(fsys, f.Excluded)
	d, err := openDirectory(fsys, f.Dir)
	if err != nil {
		return nil, fmt.Errorf("reading migrations in %s: %w", f.Dir, err)
	}
	folder, err := rescue.Value(func() (*Folder, error) { return d.loadAs(t, f) })
	if rescue.In(err) != nil {
		return nil, fmt.Errorf("reading migrations in %s as those of %s %w", f.Dir, f.Tool, err)
	}
	if err != nil {
		return nil, fmt.Errorf("reading migrations in %s: %w", f.Dir, err)
	}
	return folder, nil
}

// loadAs has the tool read the directory.
func (d *directory) loadAs(t tool, f Found) (*Folder, error) {
	f.nameTable(d, t)
	if t.takesAll {
		d.takeAll()
	}
	folder, err := t.load(d, f)
	if err != nil {
		return nil, err
	}
	if t.configure != nil {
		t.configure(folder, d)
	}
	folder.fillTemplates()
	if err := folder.putStandIns(); err != nil {
		return nil, fmt.Errorf("migrations folder %s: %w", f.Dir, err)
	}
	folder.nameStandIns()
	folder.applyHabits()
	folder.configuredPlaces = d.placesOf(t)
	if f.places != nil {
		folder.configuredPlaces = *f.places
	}
	folder.fsys = d.fsys
	folder.findOthers(d, t)
	folder.findStrange(d, t)
	folder.findLeftOut(d, t)
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

// reread returns a step as it would be with another text.
func (f *Folder) reread(s *step, raw string) *step {
	again := &step{name: s.name, path: s.path, number: s.number, key: s.key, listed: s.listed, tx: s.tx}
	f.parse(&Folder{Found: f.Found, fsys: f.fsys, own: f.own, files: map[string]string{}}, again, raw)
	f.applyHabitsTo(again)
	return again
}
