package source

import (
	"io/fs"
	"slices"
)

// treeWithout is a tree without the files that the configuration takes out of a folder.
type treeWithout struct {
	fs.FS
	excluded func(file string) bool // by the path below the tree's root
}

// Without is a tree in which the files of a folder that the configuration takes out of it
// are not there; nil leaves the tree as it is.
func Without(tree fs.FS, excluded func(file string) bool) fs.FS {
	if excluded == nil {
		return tree
	}
	return treeWithout{tree, excluded}
}

func (w treeWithout) gone(op, name string) error {
	if w.excluded(name) {
		return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return nil
}

// Open implements fs.FS.
func (w treeWithout) Open(name string) (fs.File, error) {
	if err := w.gone("open", name); err != nil {
		return nil, err
	}
	return w.FS.Open(name)
}

// Stat implements fs.StatFS.
func (w treeWithout) Stat(name string) (fs.FileInfo, error) {
	if err := w.gone("stat", name); err != nil {
		return nil, err
	}
	return fs.Stat(w.FS, name)
}

// Lstat implements fs.ReadLinkFS.
func (w treeWithout) Lstat(name string) (fs.FileInfo, error) {
	if err := w.gone("lstat", name); err != nil {
		return nil, err
	}
	return fs.Lstat(w.FS, name)
}

// ReadLink implements fs.ReadLinkFS.
func (w treeWithout) ReadLink(name string) (string, error) {
	if err := w.gone("readlink", name); err != nil {
		return "", err
	}
	return fs.ReadLink(w.FS, name)
}

// ReadDir implements fs.ReadDirFS.
func (w treeWithout) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(w.FS, name)
	if err != nil {
		return nil, err
	}
	prefix := name + "/"
	if name == "." {
		prefix = ""
	}
	return slices.DeleteFunc(slices.Clone(entries), func(e fs.DirEntry) bool { return w.excluded(prefix + e.Name()) }), nil
}

// whole is the directory with what the configuration takes out of it.
func (d *directory) whole() *directory {
	if w, ok := d.fsys.(treeWithout); ok {
		if again, err := openDirectory(w.FS, d.dir); err == nil {
			return again
		}
	}
	return d
}
