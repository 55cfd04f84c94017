package source

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxFile is the size above which a file is taken for data that strayed into
// the folder, in bytes.
const maxFile = 16 << 20

// A directory is one directory that may hold migrations. Symbolic links are what
// they lead to, as for the tools, as long as they stay in the repository.
type directory struct {
	fsys       fs.FS
	dir        string
	files      []string          // base names, sorted
	sqlFiles   []string          // see sql; nil until it is asked
	named      bool              // by a person
	oursFiles  []string          // see ours; nil until it is asked
	others     map[string]string // see variantsOf
	dirs       []string
	linked     map[string]string // where those of dirs lead that are symbolic links
	strange    []strangeEntry
	configs    []drizzleConfig // of the whole tree
	begins     map[string]string
	parsed     map[string]parsedFile // of settings, by name
	refused    []Unchecked           // files of settings that cannot be read
	listed     map[string]*directory // the whole tree by path, to save looking again; may be nil
	unsure     bool                  // a setting has no value that can be known here
	answeredBy string                // the file that the last question about the project's settings was answered by
}

func openDirectory(fsys fs.FS, dir string) (*directory, error) {
	if isGitsOwn(dir) {
		return nil, fmt.Errorf("%s %w", dir, errGitsOwn)
	}
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, err
	}
	d := &directory{fsys: fsys, dir: dir, begins: map[string]string{}, parsed: map[string]parsedFile{}, linked: map[string]string{}}
	for _, e := range entries {
		switch {
		case !utf8.ValidString(e.Name()):
			d.strange = append(d.strange, strangeEntry{e.Name(), notUTF8, e.IsDir()})
		case e.IsDir():
			d.dirs = append(d.dirs, e.Name())
		case e.Type().IsRegular():
			d.files = append(d.files, e.Name())
		default:
			d.follow(e)
		}
	}
	return d, nil
}

func isSQL(file string) bool { return strings.EqualFold(path.Ext(file), ".sql") }

// sql returns the files that end in .sql and may be for PostgreSQL. Nobody may change
// the list.
func (d *directory) sql() []string {
	if d.sqlFiles == nil {
		d.sqlFiles = []string{}
		for _, f := range d.ours() {
			if isSQL(f) {
				d.sqlFiles = append(d.sqlFiles, f)
			}
		}
	}
	return d.sqlFiles
}

// path returns the name below the tree's root, "" for one outside of it or in .git.
func (d *directory) path(name string) string {
	full := path.Join(d.dir, name)
	if !fs.ValidPath(full) || isGitsOwn(full) {
		return ""
	}
	return full
}

// has tells whether name is a file below d.
func (d *directory) has(name string) bool {
	if _, listed := slices.BinarySearch(d.files, name); listed {
		return d.path(name) != ""
	}
	if !strings.Contains(name, "/") {
		return false
	}
	full := d.path(name)
	if full == "" {
		return false
	}
	info, err := statContent(d.fsys, full)
	return err == nil && info.Mode().IsRegular()
}

// read returns the text of a file below d; the error is fs.ErrNotExist when d
// does not have it.
func (d *directory) read(name string) (string, error) {
	if !d.has(name) {
		return "", fmt.Errorf("%s: %w", path.Join(d.dir, name), fs.ErrNotExist)
	}
	full := d.path(name)
	text, err := readUpTo(d.fsys, full, maxFile+1)
	if err == nil && len(text) > maxFile {
		err = fmt.Errorf("%s is larger than %d MiB, the most that migvet reads", full, maxFile>>20)
	}
	if err == nil {
		err = takeText(d.fsys, full, len(text))
	}
	return text, err
}

// readUpTo reads the beginning of a file into memory once. A file that is there already
// stays where it is.
func readUpTo(fsys fs.FS, name string, most int64) (string, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	if kept, ok := file.(interface{ Text() string }); ok {
		text := kept.Text()
		if int64(len(text)) > most {
			return strings.Clone(text[:most]), nil // the rest may go
		}
		return text, nil
	}
	var b strings.Builder
	chunk := 32 << 10
	if info, err := file.Stat(); err == nil {
		size := int(min(info.Size(), most))
		b.Grow(size)
		chunk = min(chunk, size+1)
	}
	_, err = io.CopyBuffer(&b, io.LimitReader(file, most), make([]byte, chunk))
	return b.String(), err
}

// text is read for those who only want to recognise something.
func (d *directory) text(name string) string {
	text, err := d.read(name)
	if err != nil {
		return ""
	}
	return text
}

// maxBeginning is how much of a file it takes to recognise it, in bytes.
const maxBeginning = 64 << 10

// beginning returns as much of a file as it takes to recognise it.
func (d *directory) beginning(name string) string {
	if text, known := d.begins[name]; known {
		return text
	}
	d.begins[name] = ""
	if d.has(name) {
		if text, err := readUpTo(d.fsys, d.path(name), maxBeginning); err == nil {
			d.begins[name] = text
		}
	}
	return d.begins[name]
}

// with returns the child directories that hold a file.
func (d *directory) with(name string) []string {
	var dirs []string
	for _, child := range d.dirs {
		if d.childHas(child, name) {
			dirs = append(dirs, child)
		}
	}
	return dirs
}

func (d *directory) childHas(child, name string) bool {
	if d.listed == nil {
		return d.has(path.Join(child, name))
	}
	c := d.listed[path.Join(d.dir, child)]
	if c == nil {
		return false // a child that is skipped
	}
	_, found := slices.BinarySearch(c.files, name)
	return found
}
