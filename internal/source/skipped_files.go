package source

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// SkippedFiles returns what tells the files of folders that were recognised and are not
// checked, as those for another database: that the folder is skipped has been said, and
// nobody need hear of each of its files. A folder in such a one that is checked has its own.
func SkippedFiles(fsys fs.FS, found []Found) func(name string) bool {
	type skippedFolder struct {
		Found
		read []string
	}
	var skipped []skippedFolder
	for _, f := range found {
		if f.Skip != "" && !f.Overlooked {
			skipped = append(skipped, skippedFolder{f, f.readDirectories(fsys)})
		}
	}
	return func(name string) bool {
		return slices.ContainsFunc(skipped, func(s skippedFolder) bool {
			inner := func(f Found) bool { return f.Skip == "" && isBelow(f.Dir, s.Dir) && isBelow(name, f.Dir) }
			return isInSkipped(name, s.read) && !slices.ContainsFunc(found, inner)
		})
	}
}

// readDirectories are where the files of the folder lie. The root of the repository holds
// everything: of a folder there, only what its tool reads counts, such as deploy/ of Sqitch.
func (f Found) readDirectories(fsys fs.FS) []string {
	if f.Dir != "." {
		return []string{f.Dir}
	}
	f.Skip = ""
	folder, err := Load(fsys, f)
	if err != nil {
		return nil
	}
	var dirs []string
	for _, s := range folder.steps {
		if dir := path.Dir(s.path); !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// isInSkipped tells whether a file is in one of the directories, or below it unless its
// path says that it is for PostgreSQL.
func isInSkipped(name string, dirs []string) bool {
	return slices.ContainsFunc(dirs, func(dir string) bool {
		if dir == "." || path.Dir(name) == dir {
			return path.Dir(name) == dir
		}
		return isBelow(name, dir) && dialectOfPath(strings.TrimPrefix(path.Dir(name), dir+"/")).dialect != postgresql
	})
}
