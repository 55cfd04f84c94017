package source

import (
	"fmt"
	"path"

	"github.com/migvet/migvet/lint/rules"
)

// snapshotProblems1 returns what makes drizzle-kit 1.0 stop, in check, generate
// and migrate, and migrations that it does not know. Written after what 1.0.0-rc.5
// does. A folder without any snapshot has nothing that could be checked.
func (f *Folder) snapshotProblems1() []problem {
	all, missing := f.snapshots1()
	if len(all) == 0 {
		return nil
	}
	return append(brokenChain1(all), missing...)
}

// snapshots1 returns the snapshots in the order of their migrations, and which
// are missing.
func (f *Folder) snapshots1() (all []snapshotFile, missing []problem) {
	d, err := openDirectory(f.fsys, f.Dir)
	if err != nil {
		return nil, nil
	}
	for _, s := range f.steps {
		if !d.has(path.Join(s.name, snapshotOf1)) {
			missing = append(missing, problem{rules.SnapshotMissing.AtFile(s.path, fmt.Sprintf(
				"%s has no %s, so drizzle-kit generate writes again what it does, if the schema file has it; make migrations of your own with drizzle-kit generate --custom", s.name, snapshotOf1)), withoutSnapshot(&s)})
			continue
		}
		file := snapshotFile{path: path.Join(f.Dir, s.name, snapshotOf1), prefix: s.name}
		file.Header, file.err = readHeader(f.fsys, file.path)
		all = append(all, file)
	}
	return all, missing
}

func brokenChain1(all []snapshotFile) []problem {
	var problems []problem
	stops := func(s snapshotFile, known, format string, args ...any) {
		problems = append(problems, problem{rules.SnapshotInvalid.AtFile(s.path, "drizzle-kit stops: "+fmt.Sprintf(format, args...)), known + " " + s.path})
	}
	byID := map[string]snapshotFile{}
	for _, s := range all {
		byID[s.ID] = s
	}
	first := ""
	for _, s := range all {
		switch {
		case s.err != nil:
			stops(s, "unreadable", "the snapshot of %s cannot be read: %v; take it from the base branch, or generate the migration again", s.prefix, s.err)
		case len(s.Parents) == 0 && first != "":
			stops(s, "second first", "%s is a first migration, as %s is, and a folder has one; generate it again on top of the other", s.prefix, first)
		case len(s.Parents) == 0:
			first = s.prefix
		}
		for _, id := range s.Parents {
			parent, exists := byID[id]
			switch {
			case !exists:
				stops(s, "dangling", "%s was made from a snapshot that does not exist (%s); restore the migration that is missing, or generate this one again", s.prefix, id)
			case localeCompare(s.prefix, parent.prefix) <= 0:
				stops(s, "order", "%s sorts before %s, which it was made from, and would run first; give its folder a later time", s.prefix, parent.prefix)
			}
		}
	}
	return problems
}
