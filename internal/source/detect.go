package source

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/internal/yamltext"
	"github.com/migvet/migvet/lint"
)

// Found is a folder that holds migrations.
type Found struct {
	Dir     string // relative to the tree's root, with slashes; "." for the root
	Tool    string // as its makers write it
	Dialect string // "postgresql" and, for folders that are skipped, others

	// Skip says why the folder cannot be checked, in words; "" when it can.
	Skip string

	// Doubtful: it may hold migrations for PostgreSQL that are skipped, so that the
	// run as a whole could not check.
	Doubtful bool

	// Overlooked: it was not looked into, whatever it holds. Only what git tracks there
	// matters: data of a container in the working tree may not be read either.
	Overlooked bool

	// Assumed says what was taken for granted without proof, and how to say
	// otherwise; "" when nothing was.
	Assumed string

	// Untried says what of the folder migvet does not try, whatever is new; "" for nothing.
	Untried string

	// Schema and Table name the tool's history table where the project's
	// configuration does; "" is the tool's default.
	Schema, Table string
	named         bool   // by migvet's configuration
	unsure        bool   // the project's configuration names them, but not so that it can be known here
	namedIn       string // the file of the project's that names them; "" for none

	chosen    bool        // a person said which tool it is
	confirmed bool        // a person said that it holds migrations
	refuted   string      // the tool that it is called like, and cannot be; "" for none
	versioned bool        // its files lie in directories named by versions: v1.2/add.sql
	claimed   string      // what the branch made of a folder that is read as its tool was on the base; "" when that is the same
	settings  fs.FS       // of the base, where those of the tool count; nil for the branch's own
	changelog string      // of Liquibase, in the folder; "" for none
	refused   []Unchecked // files that say what it is and cannot be read
	doubts    []Unchecked // that count although the base is the same
	places    *toolPlaces // that the branch tells the tool, if not by settings

	// Placeholders are the values of what the tool replaces in its files, by
	// name, as migvet's configuration gives them.
	Placeholders map[string]string

	// Panic is what looking at the folder panicked with; nil when it did not. Nothing
	// is known of the folder then.
	Panic *rescue.Panic

	// Place is migvet's configuration, into which proposed lines go; may be nil.
	Place *yamltext.Place

	// Habits are how it runs otherwise than its tool would run it, as migvet's
	// configuration says.
	Habits Habits

	// Excluded tells of files, by their paths below the tree's root, whether migvet's
	// configuration says that they are no migrations; nil for none.
	Excluded func(file string) bool

	// StandIns are SQL for migrations that migvet cannot run, by their versions, as
	// migvet's configuration gives it.
	StandIns map[string]StandIn

	// Config is the file of the tool's configuration that names the folder, where
	// migvet reads one that does; "" else.
	Config   string
	detected any // what only the tool makes of it: a drizzleConfig
}

// Bounds of the search, far above what repositories hold.
const (
	maxDepth       = 20
	maxDirectories = 50_000
)

// skipped are directories that hold what others wrote, or what was built.
var skipped = []string{
	"node_modules", "bower_components", "vendor", "third_party", "testdata",
	"dist", "build", "out", "target", "coverage", "venv", "__pycache__",
}

// Detect returns the folders of migrations in a tree, or below some of its
// directories, sorted by path.
func Detect(fsys fs.FS, below ...string) ([]Found, error) {
	found, _, err := Survey(fsys, below...)
	return found, err
}

// At returns what a directory holds that a person named. The key is one of Tools, "" to guess.
func At(fsys fs.FS, dir, key string) (Found, error) {
	d, err := openDirectory(fsys, dir)
	if broken := (*fs.PathError)(nil); errors.As(err, &broken) {
		err = broken.Err // "openat db: " says nothing to who has named it
	}
	if err != nil {
		return Found{}, fmt.Errorf("migrations folder %s: %w", dir, err)
	}
	if holder := d.holder(key); holder != nil {
		d = holder
	}
	d.configs, d.named = configsAbove(fsys, d.dir), true
	if key == "" {
		found, err := d.guess()
		found.confirmed = true
		return found, err
	}
	for _, t := range tools() {
		if t.key == key {
			found := d.takeAs(t)
			found.confirmed = true
			return found, nil
		}
	}
	return Found{}, fmt.Errorf("migrations folder %s: unknown tool %q%s", dir, key, lint.DidYouMean(key, Tools()))
}

// takeAs takes a directory for a folder of the tool that a person named.
func (d *directory) takeAs(t tool) Found {
	found, ok := d.ask(t)
	if !ok || t.name == Plain || found.refuted != "" {
		return Found{Dir: d.dir, Tool: t.name, Dialect: postgresql, chosen: true, versioned: ok && found.versioned}
	}
	found.Assumed, found.chosen = "", true
	return found
}

// guess recognises a directory that a person named, so that any file of SQL
// counts.
func (d *directory) guess() (Found, error) {
	if found, ok := d.recognise(); ok {
		return found, nil
	}
	if len(d.sql()) == 0 {
		return Found{}, fmt.Errorf("migrations folder %s: no migrations in it", d.dir)
	}
	return d.plain(), nil
}

// recognise asks the tools in turn, plain SQL last: it takes what nobody else
// claims.
func (d *directory) recognise() (Found, bool) {
	all := tools()
	for _, t := range all {
		if found, ok := d.ask(t); ok {
			return found, true
		}
	}
	return Found{}, false
}

// assume adds to what is taken for granted.
func (f *Found) assume(what string) {
	if f.Assumed != "" && what != "" {
		f.Assumed += "; "
	}
	f.Assumed += what
}

// ask lets a tool look at the directory, and keeps what it could not read. One that
// panics takes the directory: what it is, nobody knows.
func (d *directory) ask(t tool) (found Found, ok bool) {
	d.refused = nil
	if p := rescue.Do(func() { found, ok = t.detect(d) }); p != nil {
		return panickedFound(Found{Dir: d.dir, Tool: t.name}, p), true
	}
	found.refused, d.refused = d.refused, nil
	return found, ok
}

// panickedFound is a folder that cannot be checked because looking at it panicked.
func panickedFound(f Found, p *rescue.Panic) Found {
	f.Panic, f.Doubtful = p, true
	f.Skip = fmt.Sprintf("looking at it as a folder of %s %v", f.Tool, p)
	return f
}

type search struct {
	fsys        fs.FS
	below       []string // where it began
	directories []*directory
	configs     []drizzleConfig
	seen        map[string]bool
	linked      map[string]bool // directories that a symbolic link led to
	hidden      []Found         // what is called like a folder of migrations and cannot be read
	unsearched  []string        // directories that HoldsOthers leaves out
}

// walk follows a symbolic link unless another one led to it, so that circles end.
func (s *search) walk(dir string, depth int, linked bool) error {
	if s.seen[dir] {
		return nil
	}
	s.seen[dir] = true
	if depth > maxDepth {
		s.overlook(dir, fmt.Sprintf("is more than %d directories deep, where migvet looks for no migrations; if it holds some, name the folder in .migvet.yml", maxDepth))
		return nil
	}
	if len(s.seen) > maxDirectories {
		return fmt.Errorf("more than %d directories; name the folders of migrations in .migvet.yml", maxDirectories)
	}
	d, err := openDirectory(s.fsys, dir)
	if depth > 0 && errors.Is(err, fs.ErrPermission) {
		s.overlook(dir, "may not be read by the user that runs migvet, so nothing in it was looked at; chmod it, or run migvet as its owner")
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for migrations in %s: %w", dir, err)
	}
	if depth > 0 && d.isRepository() {
		s.hide(dir, false, submodule)
		return nil
	}
	s.linked[dir] = linked
	for _, e := range d.strange {
		s.hideEntry(d, e)
	}
	s.hideSubmodules(d)
	s.directories = append(s.directories, d)
	s.configs = append(s.configs, d.drizzleConfigs()...)
	for _, child := range d.dirs {
		if HoldsOthers(child) {
			s.unsearched = append(s.unsearched, path.Join(dir, child))
			continue
		}
		if linked && d.linked[child] != "" || d.isCircle(child) {
			continue
		}
		if err := s.walk(path.Join(dir, child), depth+1, linked || d.linked[child] != ""); err != nil {
			return err
		}
	}
	return nil
}

// addConfigured adds the folders that Drizzle's configuration names, wherever
// they are: an "out" in build/ or .drizzle/ is not passed over.
func (s *search) addConfigured() {
	for _, c := range s.configs {
		if s.seen[c.out] || !fs.ValidPath(c.out) || !isDirectory(s.fsys, c.out) {
			continue
		}
		s.seen[c.out] = true
		if d, err := openDirectory(s.fsys, c.out); err == nil {
			s.directories = append(s.directories, d)
		}
	}
}

// isRepository tells whether the directory is a repository of its own: a
// submodule, a worktree, a clone that somebody left here.
func (d *directory) isRepository() bool {
	return slices.Contains(d.dirs, ".git") || slices.Contains(d.files, ".git")
}

// results are the folders that were found, and those that do not count.
func (s *search) results() (found []Found, passed []PassedOver, err error) {
	slices.SortFunc(s.directories, func(a, b *directory) int { return cmp.Compare(a.dir, b.dir) })
	all := s.recognise()
	weigh(all)
	all = withoutListed(withoutFurther(all))
	for _, c := range all {
		if c.passed != "" {
			t, _ := toolNamed(c.Tool)
			passed = append(passed, PassedOver{c.Dir, c.passed, t.key, c.beside})
			continue
		}
		found = append(found, c.Found)
	}
	found = append(s.withoutEchoes(found), s.hidden...)
	slices.SortStableFunc(found, func(a, b Found) int { return cmp.Compare(a.Dir, b.Dir) })
	return found, passed, nil
}

func (s *search) recognise() []candidate {
	var all []candidate
	listed := map[string]*directory{}
	for _, d := range s.directories {
		listed[d.dir] = d
	}
	for _, d := range s.directories {
		if slices.ContainsFunc(all, func(c candidate) bool { return (c.Tool != Plain || c.versioned) && isBelow(d.dir, c.Dir) }) {
			continue
		}
		d.configs, d.listed = s.configs, listed
		if found, ok := d.recognise(); ok {
			all = append(all, candidate{Found: found, passed: cmp.Or(s.passesOver(d.dir), d.passes(found)), directory: d})
		}
	}
	return all
}

// passesOver is PassesOver for what is not above the directories that are searched.
func (s *search) passesOver(dir string) string {
	if slices.ContainsFunc(s.below, func(top string) bool { return PassesOver(top) != "" && (dir == top || isBelow(dir, top)) }) {
		return ""
	}
	return PassesOver(dir)
}

func isBelow(dir, parent string) bool {
	return dir != parent && (parent == "." || strings.HasPrefix(dir, parent+"/"))
}

// claim describes d as a folder of a tool, if it is one. It is skipped when
// its SQL is for another database.
func (d *directory) claim(tool string, ours bool) (Found, bool) {
	if !ours {
		return Found{}, false
	}
	return Found{Dir: d.dir, Tool: tool, Dialect: postgresql}.inDialect(d, "", ""), true
}

// assumption says what a folder was taken for without proof.
func assumption(tool, key, why string) string {
	return "taken for a folder of " + tool + " by " + why + " (tool: " + key + " in .migvet.yml confirms that, another one corrects it)"
}

// HoldsOthers reports whether a directory of that name holds what others wrote, or what
// was built, and is not searched.
func HoldsOthers(name string) bool {
	return strings.HasPrefix(name, ".") || slices.Contains(skipped, strings.ToLower(name))
}
