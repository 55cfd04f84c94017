package source

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/drizzlekit"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

const snapshotSuffix = "_snapshot.json"

// A snapshotFile is one of drizzle-kit's snapshots, as far as it links to
// others.
type snapshotFile struct {
	drizzlekit.Header
	path   string // from the root of the tree
	prefix string // "0007", as the tag of its migration begins
	err    error  // why it cannot be read
}

// snapshots returns those of a 0.x folder by name, which is how drizzle-kit
// finds the newest. It passes over names that begin with an underscore.
func (f *Folder) snapshots() []snapshotFile {
	meta, err := openDirectory(f.fsys, path.Join(f.Dir, "meta"))
	if err != nil {
		return nil
	}
	var all []snapshotFile
	for _, name := range meta.files {
		prefix, ok := strings.CutSuffix(name, snapshotSuffix)
		if !ok || strings.HasPrefix(name, "_") || f.cut && prefix > prefixOf(f.steps[len(f.steps)-1].name) {
			continue
		}
		s := snapshotFile{path: path.Join(meta.dir, name), prefix: prefix}
		s.Header, s.err = readHeader(f.fsys, s.path)
		all = append(all, s)
	}
	return all
}

func readHeader(fsys fs.FS, name string) (drizzlekit.Header, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return drizzlekit.Header{}, err
	}
	defer file.Close()
	return drizzlekit.ReadHeader(io.LimitReader(file, maxFile))
}

// prefixOf returns what the snapshot of a migration is named by.
func prefixOf(tag string) string {
	prefix, _, _ := strings.Cut(tag, "_")
	return prefix
}

// snapshotProblems returns what is wrong with the snapshots of a 0.x folder. A
// folder without any has nothing that could be checked.
func (f *Folder) snapshotProblems() []problem {
	all := f.snapshots()
	if len(all) == 0 || f.broken != "" {
		return nil
	}
	missing := f.missingSnapshots(all)
	return slices.Concat(f.unreadableSnapshots(all), linkProblems(all, len(missing) > 0), missing, f.orphanedSnapshot(all))
}

func (f *Folder) unreadableSnapshots(all []snapshotFile) []problem {
	var problems []problem
	var old []snapshotFile
	for _, s := range all {
		switch {
		case s.err != nil:
			problems = append(problems, f.unreadableSnapshot(s))
		case len(s.Version) == 1 && s.Version < "7":
			old = append(old, s)
		}
	}
	if len(old) == 0 {
		return problems
	}
	newest := old[len(old)-1]
	finding := rules.SnapshotInvalid.AtFile(newest.path, fmt.Sprintf(
		"%s is of version %s, as %d of %d snapshots are of an older version than drizzle-kit 0.31 reads; its generate writes nothing, and exits with status 0; run drizzle-kit up",
		path.Base(newest.path), newest.Version, len(old), len(all)))
	if len(old) == len(all) {
		finding.Severity = lint.Notice // an older drizzle-kit is in use
	}
	return append(problems, problem{finding, "old snapshots"})
}

func (f *Folder) unreadableSnapshot(s snapshotFile) problem {
	why := s.err.Error()
	if text, err := fs.ReadFile(f.fsys, s.path); err == nil {
		if at, found := conflictMarkers(string(text)); found {
			why = fmt.Sprintf("merge conflict markers in line %d", lint.NewLines(string(text)).Position(at.Start).Line)
		}
	}
	return problem{rules.SnapshotInvalid.AtFile(s.path, fmt.Sprintf(
		"drizzle-kit cannot read %s: %s; its generate writes nothing, and exits with status 0; take the base branch's snapshots and generate the new migration again", path.Base(s.path), why)), "unreadable " + s.path}
}

// linkProblems follows what each snapshot says it was made from. With gaps,
// what leads nowhere is told as missing.
func linkProblems(all []snapshotFile, gaps bool) []problem {
	all = slices.DeleteFunc(slices.Clone(all), func(s snapshotFile) bool { return s.err != nil })
	problems := snapshotCollisions(all)
	byID := map[string]snapshotFile{}
	copied := false
	for _, s := range all {
		other, twice := byID[s.ID]
		copied = copied || twice
		if twice && other.parent() != s.parent() {
			problems = append(problems, brokenLink(s, "same id "+s.path, "%s has the id of %s, as if copied; drizzle-kit up to 1.0 refuses the folder; give it an id of its own", path.Base(s.path), path.Base(other.path)))
		}
		byID[s.ID] = s
	}
	for _, s := range all {
		if _, exists := byID[s.parent()]; s.parent() != "" && !exists && !gaps {
			problems = append(problems, brokenLink(s, "dangling "+s.path, "%s was made from a snapshot that does not exist (prevId %s): a migration was removed in the middle; drizzle-kit up to 1.0 refuses the folder; restore what is missing, or link it to the snapshot before it", path.Base(s.path), s.parent()))
		}
	}
	if s, found := inCircle(all, byID); found && !copied {
		problems = append(problems, brokenLink(s, "circle", "the snapshots from %s on follow each other in a circle, so none is the first; drizzle-kit up to 1.0 refuses the folder; restore the prevId of the first", path.Base(s.path)))
	}
	return problems
}

// snapshotCollisions reports snapshots that were made from one and the same.
func snapshotCollisions(all []snapshotFile) []problem {
	var problems []problem
	first := map[string]snapshotFile{}
	for _, s := range all {
		other, twice := first[s.parent()]
		if !twice {
			first[s.parent()] = s
			continue
		}
		problems = append(problems, problem{rules.SnapshotCollision.AtFile(s.path, collision(s, other)), "collision " + s.path})
	}
	return problems
}

func collision(s, other snapshotFile) string {
	if s.ID == other.ID {
		return fmt.Sprintf("%s is a copy of %s, id and all, which drizzle-kit takes for a second branch: its check fails, and generate writes nothing and exits with status 0; give it an id of its own, and as prevId the id of %s",
			path.Base(s.path), path.Base(other.path), path.Base(other.path))
	}
	return fmt.Sprintf("%s and %s were made from the same snapshot, on two branches; drizzle-kit check fails, and generate writes nothing and exits with status 0; generate the newer migration again on top of the other",
		path.Base(s.path), path.Base(other.path))
}

// parent is the ID of the snapshot it was made from; "" for the first.
func (s snapshotFile) parent() string {
	if len(s.Parents) == 0 {
		return ""
	}
	return s.Parents[0]
}

func brokenLink(s snapshotFile, known, format string, args ...any) problem {
	f := rules.SnapshotInvalid.AtFile(s.path, fmt.Sprintf(format, args...))
	f.Severity = lint.Warning
	return problem{f, known}
}

// inCircle returns a snapshot that descends from itself.
func inCircle(all []snapshotFile, byID map[string]snapshotFile) (snapshotFile, bool) {
	for _, s := range all {
		at, exists := s, true
		for range all {
			if at, exists = byID[at.parent()]; !exists || at.ID == "" {
				break
			}
			if at.path == s.path {
				return s, true
			}
		}
	}
	return snapshotFile{}, false
}

// missingSnapshots reports entries that drizzle-kit knows nothing of.
func (f *Folder) missingSnapshots(all []snapshotFile) []problem {
	var problems []problem
	prefixes := map[string]bool{}
	for _, s := range all {
		prefixes[s.prefix] = true
	}
	for i, s := range f.steps {
		if prefixes[prefixOf(s.name)] || s.missing || strings.HasPrefix(s.name, "_") {
			continue
		}
		hand := ""
		if drizzleWhen(&s)%1000 == 0 {
			hand = "; its time in the journal is a whole second, so it was written by hand"
		}
		consequence := "drizzle-kit up to 1.0 will refuse the folder"
		if i == len(f.steps)-1 {
			consequence = fmt.Sprintf("drizzle-kit generate compares the schema file with %s and writes again what this migration does; and %s", path.Base(all[len(all)-1].path), consequence)
		}
		problems = append(problems, problem{rules.SnapshotMissing.AtFile(s.path, fmt.Sprintf(
			"%s has no snapshot meta/%s%s%s; %s; make migrations of your own with drizzle-kit generate --custom", s.name, prefixOf(s.name), snapshotSuffix, hand, consequence)), withoutSnapshot(&s)})
	}
	return problems
}

// orphanedSnapshot reports the newest snapshot when it is nobody's: what
// generate compares with.
func (f *Folder) orphanedSnapshot(all []snapshotFile) []problem {
	newest := all[len(all)-1]
	if slices.ContainsFunc(f.steps, func(s step) bool { return prefixOf(s.name) == newest.prefix }) {
		return nil
	}
	return []problem{{rules.SnapshotOrphaned.AtFile(newest.path, fmt.Sprintf(
		"%s belongs to no entry of the journal, but drizzle-kit generate compares the schema file with it and undoes what it says is there; remove it", path.Base(newest.path))), "orphan " + newest.path}}
}
