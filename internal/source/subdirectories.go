package source

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// A subdirectory is a directory with its path below the one where a search began.
type subdirectory struct {
	*directory
	path string
}

// withSubdirectories returns the directory and those below it, parents first. A symbolic link is
// followed unless another one led to it, so that circles end.
func (d *directory) withSubdirectories() []subdirectory {
	s := subdirectories{top: d}
	s.add(d, "", 0, false)
	return s.found
}

type subdirectories struct {
	top   *directory
	found []subdirectory
	full  bool
}

func (s *subdirectories) add(d *directory, below string, depth int, linked bool) {
	if len(s.found) >= maxDirectories || depth > maxDepth {
		s.stop()
		return
	}
	s.found = append(s.found, subdirectory{d, below})
	for _, name := range d.dirs {
		if linked && d.linked[name] != "" || d.isCircle(name) {
			continue
		}
		if child, err := openDirectory(d.fsys, path.Join(d.dir, name)); err == nil {
			s.add(child, path.Join(below, name), depth+1, linked || d.linked[name] != "")
		}
	}
}

func (s *subdirectories) stop() {
	if !s.full {
		s.full = true
		s.top.strange = append(s.top.strange, strangeEntry{".", fmt.Sprintf("has more than %d directories or %d levels, not all of which were read", maxDirectories, maxDepth), false})
	}
}

// isCircle tells whether a child is a symbolic link to where it is in.
func (d *directory) isCircle(child string) bool {
	target := d.linked[child]
	if target == "" {
		return false
	}
	real, err := realPath(d.fsys, d.dir)
	return err != nil || target == "." || real == target || strings.HasPrefix(real, target+"/")
}

// sqlBelow returns the paths of the files of SQL in the directory and in those
// below it, but for directories of other databases beside PostgreSQL's.
func (d *directory) sqlBelow(prefix string) []string {
	var files []string
	foreign := d.foreignBelow()
	for _, sub := range d.withSubdirectories() {
		if slices.ContainsFunc(foreign, func(dir string) bool { return sub.path == dir || isBelow(sub.path, dir) }) {
			continue
		}
		for _, name := range sub.sql() {
			files = append(files, path.Join(prefix, sub.path, name))
		}
	}
	return files
}

// foreignBelow are the directories of other databases beside PostgreSQL's, with their paths
// below d.
func (d *directory) foreignBelow() (foreign []string) {
	for _, sub := range d.withSubdirectories() {
		for _, child := range sub.dialectDirectories() {
			foreign = append(foreign, path.Join(sub.path, child))
		}
	}
	return foreign
}
