package source

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

const submodule = "is a repository of its own (a submodule), into which migvet does not look"

// hide notes something that is called like a folder of migrations and was not read.
func (s *search) hide(name string, doubtful bool, reason string) {
	if slices.Contains(migrationFolders, strings.ToLower(path.Base(name))) {
		s.note(name, doubtful, reason)
	}
}

// hideEntry hides what is in a directory and cannot be read. SQL whose name cannot be
// said is told by the folder that it is in; a directory without other SQL is none.
func (s *search) hideEntry(d *directory, e strangeEntry) {
	alone := e.reason == notUTF8 && len(d.sql()) == 0 && strings.EqualFold(path.Ext(e.name), ".sql")
	if e.anything || alone {
		s.note(path.Join(d.dir, e.name), true, e.reason)
		return
	}
	s.hide(path.Join(d.dir, e.name), true, e.reason)
}

// overlook notes a directory into which nobody has looked.
func (s *search) overlook(dir, reason string) {
	s.hidden = append(s.hidden, Found{Dir: dir, Skip: reason, Doubtful: true, Overlooked: true})
}

func (s *search) note(name string, doubtful bool, reason string) {
	if i := slices.IndexFunc(s.hidden, func(f Found) bool { return f.Dir == name }); i >= 0 {
		s.hidden[i].Doubtful = s.hidden[i].Doubtful || doubtful
		return
	}
	s.hidden = append(s.hidden, Found{Dir: name, Skip: reason, Doubtful: doubtful})
}

// hideSubmodules notes those that are not checked out: their directories are empty.
func (s *search) hideSubmodules(d *directory) {
	if d.dir != "." || !d.has(".gitmodules") {
		return
	}
	config, err := parseOnce(d, ".gitmodules", parseGitConfig)
	if err != nil {
		return
	}
	for key, name := range config.values {
		if strings.HasPrefix(key, "submodule.") && strings.HasSuffix(key, ".path") && fs.ValidPath(name) {
			s.hide(name, true, submodule)
		}
	}
}

// withoutEchoes leaves out folders that a symbolic link led to if they were found
// where they are, too, as the same tool's.
func (s *search) withoutEchoes(found []Found) []Found {
	return slices.DeleteFunc(slices.Clone(found), func(f Found) bool {
		if !s.linked[f.Dir] {
			return false
		}
		real, err := realPath(s.fsys, f.Dir)
		return err == nil && slices.ContainsFunc(found, func(other Found) bool { return other.Dir == real && other.Tool == f.Tool })
	})
}
