package source

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// ErrNoMigration says that a folder has no migration of the version that a person
// named.
var ErrNoMigration = errors.New("no such migration")

// Until returns the folder as it was when the given migration was the newest. The
// version may be written in any way that people write it: as the migration's name,
// its file or a path to that, its number. The error is ErrNoMigration when there is
// none of that version.
func (f *Folder) Until(version string) (*Folder, error) {
	last, err := f.find(version)
	if err != nil {
		return nil, err
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

// find returns the index of the migration that a person means. What is written as
// the tool writes it counts before what only reads like it: 1.1 is V1_1, and not
// the first of 1_1 and 2_1.
func (f *Folder) find(version string) (int, error) {
	asked := strings.TrimSuffix(path.Clean("/" + strings.TrimSpace(version))[1:], "/")
	for _, spelled := range []func(*step) bool{
		func(s *step) bool { return slices.Contains(s.names(), version) || s.path == asked },
		func(s *step) bool { return f.isFileOf(s, asked) },
		func(s *step) bool { return s.hasVersion(asked) },
		func(s *step) bool { return s.beginsWith(asked) },
	} {
		var matches []int
		for i := range f.steps {
			if asked != "" && spelled(&f.steps[i]) {
				matches = append(matches, i)
			}
		}
		if len(matches) == 0 {
			continue
		}
		last := matches[len(matches)-1]
		if first := matches[0]; !sameFileOrVersion(&f.steps[first], &f.steps[last]) {
			return -1, fmt.Errorf("%q is %s and %s of %s; write more of the name", version, f.steps[first].name, f.steps[last].name, f.Dir)
		}
		return last, nil
	}
	return -1, fmt.Errorf("%w: %s has no %q%s", ErrNoMigration, f.Dir, version, lint.DidYouMean(version, f.Names()))
}

// names are what a migration is called: by its tool, and by its file without the
// directory and what the name ends in.
func (s *step) names() []string {
	return append([]string{s.name, s.key}, s.aliases...)
}

// isFileOf tells whether a path may be that of a migration, or of a directory that
// holds nothing else: drizzle/0007_x.sql and 0007_x, prisma/migrations/2024_x and
// 2024_x.
func (f *Folder) isFileOf(s *step, asked string) bool {
	asked, file := strings.ToLower(asked), strings.ToLower(s.path)
	stem := strings.TrimSuffix(file, path.Ext(file))
	bare := strings.TrimSuffix(strings.TrimSuffix(stem, ".up"), ".do")
	if isPathEnd(file, asked) || isPathEnd(asked, file) || isPathEnd(stem, asked) || isPathEnd(bare, asked) {
		return true
	}
	dir := path.Dir(file)
	return dir != strings.ToLower(f.Dir) && isPathEnd(dir, asked) && !f.isShared(dir)
}

// isShared tells whether several migrations are in a directory.
func (f *Folder) isShared(dir string) bool {
	n := 0
	for i := range f.steps {
		if strings.HasPrefix(strings.ToLower(f.steps[i].path), dir+"/") {
			n++
		}
	}
	return n > 1
}

func isPathEnd(file, end string) bool { return file == end || strings.HasSuffix(file, "/"+end) }

var versionText = lazyregexp.New(`^[vVrR]?\d+(?:[-_.]\d+)*$`)

// plainVersion writes a version without what does not count: 1.2 for V1_02, "" for
// what is none.
func plainVersion(text string) string {
	if !versionText.MatchString(text) {
		return ""
	}
	return flywayVersion(strings.NewReplacer("_", ".", "-", ".").Replace(strings.TrimLeft(text, "vVrR")))
}

func (s *step) hasVersion(asked string) bool {
	version := plainVersion(asked)
	return version != "" && slices.Contains([]string{plainVersion(s.key), plainVersion(s.number)}, version)
}

// beginsWith tells whether the first number of a migration's name is the one that
// is asked for, unless the tool itself knows more numbers of it: 7 is 0007_10_tables.
func (s *step) beginsWith(asked string) bool {
	first, _, _ := strings.Cut(plainVersion(s.number), ".")
	return first != "" && first == plainVersion(asked) && !strings.Contains(plainVersion(s.key), ".")
}

// sameFileOrVersion tells whether a version may mean both of two migrations: then all
// up to the last one has run.
func sameFileOrVersion(a, b *step) bool {
	return a.path == b.path || a.name == b.name ||
		plainVersion(a.key) != "" && plainVersion(a.key) == plainVersion(b.key) ||
		plainVersion(a.number) != "" && plainVersion(a.number) == plainVersion(b.number)
}

// Versions says how the folder's versions are written, by its newest one: "0019_x, 0019
// or 19"; "" where there is none.
func (f *Folder) Versions() string {
	if len(f.steps) == 0 {
		return ""
	}
	s := &f.steps[len(f.steps)-1]
	ways := []string{s.name}
	for _, way := range []string{s.number, strings.TrimPrefix(s.key, repeatable), plainVersion(s.key), plainVersion(s.number)} {
		if way != "" && !slices.Contains(ways, way) {
			ways = append(ways, way)
		}
	}
	if len(ways) == 1 {
		return ways[0]
	}
	return strings.Join(ways[:len(ways)-1], ", ") + " or " + ways[len(ways)-1]
}
