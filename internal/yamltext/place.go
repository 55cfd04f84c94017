package yamltext

import (
	"path"
	"slices"
	"strings"
)

// File is where proposed lines go, as messages call it. Who writes the report says which
// file of that name it is.
const File = ".migvet.yml"

// AtRoot is File where another one is nearer and cannot name what the line is about.
const AtRoot = File + " at the root of the repository"

// A Place is the configuration that the lines go into. A nil one is empty and at the root.
type Place struct {
	Dir    string   // where the file is, from the root of the repository; paths in it start there
	Listed bool     // it lists folders of migrations: a line adds to the list
	Found  []string // the folders that are found without a list, which replaces finding
}

// Line says something of a folder: migrations: [{dir: a}, {dir: b, tool: plain}] in
// .migvet.yml. settings are what it says beside the directory, "" for nothing.
func (p *Place) Line(dir, settings string) string {
	if p.isList() {
		return p.entry(dir, settings) + " under migrations in " + p.file(dir)
	}
	return p.List(dir, settings) + " in " + p.file(dir)
}

// Add names a folder that is none of those that are checked.
func (p *Place) Add(dir, settings string) string {
	if p.isList() {
		return "add " + p.entry(dir, settings) + " to migrations in " + p.file(dir)
	}
	return "write in " + p.file(dir) + ": " + p.List(dir, settings)
}

// Under is Line with the place first: under migrations in .migvet.yml: {dir: a, tool: plain}.
func (p *Place) Under(dir, settings string) string {
	if p.isList() || len(p.others(dir)) == 0 {
		return "under migrations in " + p.file(dir) + ": " + p.entry(dir, settings)
	}
	return "in " + p.file(dir) + ": " + p.List(dir, settings)
}

// Without leaves a folder out of those that are checked; kept are some that stay.
func (p *Place) Without(dir string, kept ...string) string {
	if p.isList() {
		return "remove the item of " + p.below(dir) + " from migrations in " + p.file(dir)
	}
	rest := Place{Found: p.others(dir)}
	if p != nil {
		rest.Dir = p.Dir
	}
	kept = append(kept, rest.Found...)
	if len(kept) == 0 {
		kept = []string{"YOUR/FOLDER"}
	}
	return "write " + rest.Line(kept[0], "")
}

// Rendered names, in the place of a folder, the one of what comes of its files.
func (p *Place) Rendered(dir string) string {
	rest := Place{Found: p.others(dir)}
	if p != nil {
		rest.Dir, rest.Listed = p.Dir, p.Listed
	}
	return rest.Line(path.Join(rest.Dir, "YOUR/FOLDER"), "")
}

// Path writes the path of a file.
func (p *Place) Path(file string) string { return Scalar(p.below(file)) }

// Pattern writes a pattern for a file.
func (p *Place) Pattern(file string) string { return Pattern(p.below(file)) }

// PatternBelow writes a pattern for all that is in a directory.
func (p *Place) PatternBelow(dir string) string { return PatternBelow(p.below(dir)) }

func (p *Place) isList() bool { return p != nil && p.Listed }

// others are the folders that are found beside one.
func (p *Place) others(dir string) []string {
	if p == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(p.Found), func(d string) bool { return d == dir })
}

// List names all folders, those that were found in their order, and says something of one.
func (p *Place) List(dir, settings string) string {
	dirs := []string{dir}
	if p != nil {
		dirs = slices.Clone(p.Found)
		if !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	var entries []string
	for _, d := range dirs {
		if d == dir {
			entries = append(entries, p.entry(d, settings))
		} else {
			entries = append(entries, p.entry(d, ""))
		}
	}
	return "migrations: [" + strings.Join(entries, ", ") + "]"
}

func (p *Place) entry(dir, settings string) string {
	entry := "{dir: " + Scalar(p.below(dir))
	if settings != "" {
		entry += ", " + settings
	}
	return entry + "}"
}

// file names the configuration that can name all folders of a line.
func (p *Place) file(dir string) string {
	if p.reachesAll(dir) {
		return File
	}
	return AtRoot + ", to which what " + path.Join(p.Dir, File) + " says has to move"
}

// below writes a path as the configuration has it: from its own directory.
func (p *Place) below(file string) string {
	switch {
	case p == nil || p.Dir == "" || p.Dir == ".":
		return file
	case file == p.Dir:
		return "."
	case !p.reachesAll(file):
		return file
	}
	return strings.TrimPrefix(file, p.Dir+"/")
}

// reachesAll tells whether a folder, and those that a list names with it, are below the
// directory of the configuration, which names nothing else.
func (p *Place) reachesAll(dir string) bool {
	if p == nil || p.Dir == "" || p.Dir == "." {
		return true
	}
	dirs := []string{dir}
	if !p.Listed {
		dirs = append(dirs, p.Found...)
	}
	return !slices.ContainsFunc(dirs, func(d string) bool { return d != p.Dir && !strings.HasPrefix(d, p.Dir+"/") })
}
