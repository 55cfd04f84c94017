package files

import (
	"io/fs"
	"os"
	"path"
)

// maxPlain is how many directories are kept open: those of many migrations, not one
// for each of them.
const maxPlain = 64

// openPlain opens a regular file that no symbolic link leads to and that is not
// git's, through its directory, which stays open for the next file. It returns nil
// where it is not that simple.
func (t *Tree) openPlain(name string) *os.File {
	if !exactNames || !fs.ValidPath(name) || ofGit(name) {
		return nil
	}
	dir := t.plainDirectory(path.Dir(name))
	if dir == nil {
		return nil
	}
	file, _, err := openRegular(dir, path.Base(name))
	if err != nil {
		return nil // what is wrong with it is told by whoever opens it by its whole path
	}
	return file
}

// plainDirectory returns a directory that no symbolic link leads to, open; nil for
// others.
func (t *Tree) plainDirectory(name string) *os.Root {
	t.mutex.Lock()
	known, ok := t.plain[name]
	t.mutex.Unlock()
	if ok {
		return known
	}
	dir := openPlainDirectory(t.plainDirectory(path.Dir(name)), path.Base(name))
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if known, ok := t.plain[name]; ok { // somebody was faster
		closeRoot(dir)
		return known
	}
	if len(t.plain) > maxPlain {
		t.forgetPlain()
	}
	t.plain[name] = dir
	return dir
}

func openPlainDirectory(parent *os.Root, name string) *os.Root {
	if parent == nil {
		return nil
	}
	before, err := parent.Lstat(name)
	if err != nil || !before.IsDir() {
		return nil
	}
	dir, err := parent.OpenRoot(name)
	if err != nil {
		return nil
	}
	if after, err := dir.Stat("."); err != nil || !os.SameFile(before, after) {
		dir.Close()
		return nil
	}
	return dir
}

// forgetPlain closes the directories that are kept open. Whoever is about to open a
// file in one of them has it opened by its whole path.
func (t *Tree) forgetPlain() {
	for _, dir := range t.plain {
		if dir != t.root {
			closeRoot(dir)
		}
	}
	clear(t.plain)
	t.plain["."] = t.root
}

func closeRoot(dir *os.Root) {
	if dir != nil {
		dir.Close()
	}
}
