package source

import (
	"fmt"
	"path"
	"strings"
)

// findStrange looks among the migrations for what may be one and was not read.
func (f *Folder) findStrange(d *directory, t tool) {
	told := f.mentioned()
	for _, sub := range f.readDirectories(d, t) {
		for _, e := range sub.strange {
			f.unchecked = append(f.unchecked, Unchecked{Path: path.Join(sub.dir, e.name), Reason: e.reason})
		}
		for _, name := range sub.files {
			if file := path.Join(sub.dir, name); isOddlyCased(name) && !told[file] && !(f.Tool == Plain && backwardFile.MatchString(file)) {
				f.unchecked = append(f.unchecked, Unchecked{Path: file, Reason: fmt.Sprintf("ends in %s, and migvet does not know whether %s runs it; write .sql, or move it out of the folder", path.Ext(name), f.Tool)})
			}
		}
	}
}

// isOddlyCased tells whether a file's extension is .SQL or .Sql.
func isOddlyCased(name string) bool {
	extension := path.Ext(name)
	return strings.EqualFold(extension, ".sql") && extension != ".sql"
}

// mentioned are the files that are migrations, or told about as something else.
func (f *Folder) mentioned() map[string]bool {
	files := map[string]bool{}
	for i := range f.steps {
		files[f.steps[i].path] = true
	}
	for i := range f.problems {
		files[f.problems[i].Path] = true
	}
	return files
}

// readDirectories are those in which the tool looks for migrations: those that hold
// some, the folder itself where there are none, and all below it if the tool reads them.
func (f *Folder) readDirectories(d *directory, t tool) []subdirectory {
	if t.nested {
		return d.withSubdirectories()
	}
	if len(f.steps) == 0 {
		return []subdirectory{{d, ""}}
	}
	var read []subdirectory
	seen := map[string]bool{}
	for _, s := range f.steps {
		dir := path.Dir(s.path)
		if seen[dir] {
			continue
		}
		seen[dir] = true
		if sub, err := openDirectory(d.fsys, dir); err == nil {
			read = append(read, subdirectory{sub, dir})
		}
	}
	return read
}
