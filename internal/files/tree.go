package files

import (
	"crypto/rand"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// A Tree is a directory whose files a branch under review has written. As an
// [fs.FS] it has regular files and directories, and follows symbolic links that
// stay in the directory. What is below .git belongs to git and cannot be opened:
// actions/checkout keeps a token there.
//
// It lists a directory once: whoever reads migrations asks again and again, and
// what a run goes by is not to change under it.
type Tree struct {
	root *os.Root
	dir  string // where it is, without symbolic links

	mutex  sync.Mutex
	listed map[string][]fs.DirEntry
	plain  map[string]*os.Root
	texts  texts
}

// OpenTree opens a directory.
func OpenTree(dir string) (*Tree, error) {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &Tree{root: root, dir: dir, listed: map[string][]fs.DirEntry{}, plain: map[string]*os.Root{".": root}}, nil
}

// Close releases the directory. What was opened in it stays open.
func (t *Tree) Close() error {
	t.EndReadOnce()
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.forgetPlain()
	return t.root.Close()
}

// Open implements [fs.FS]. It never waits for whoever is to write into a pipe.
func (t *Tree) Open(name string) (fs.File, error) {
	if kept, ok := t.text(name); ok {
		return newTextFile(kept), nil
	}
	return t.open(name)
}

func (t *Tree) open(name string) (fs.File, error) {
	if file := t.openPlain(name); file != nil {
		return file, nil
	}
	info, err := t.Stat(name)
	if err != nil {
		return nil, err
	}
	if !isOpenable(info.Mode()) {
		return nil, notRegular(name, info.Mode())
	}
	file, err := t.root.OpenFile(name, os.O_RDONLY|nonblocking, 0)
	if err != nil {
		return nil, t.explain(name, err)
	}
	if info, err = file.Stat(); err == nil {
		err = t.checkOpen(name, info.Mode())
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

func isOpenable(mode fs.FileMode) bool { return mode.IsRegular() || mode.IsDir() }

func (t *Tree) checkOpen(name string, mode fs.FileMode) error {
	if !isOpenable(mode) {
		return notRegular(name, mode)
	}
	real, err := filepath.EvalSymlinks(filepath.Join(t.dir, name))
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(t.dir, real)
	if err == nil && ofGit(filepath.ToSlash(rel)) {
		return fmt.Errorf("%s is below .git, which belongs to git; name a file of the repository", name)
	}
	return nil
}

// ofGit tells paths below a .git. Some file systems do not tell case.
func ofGit(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if strings.EqualFold(part, ".git") {
			return true
		}
	}
	return false
}

// Stat implements [fs.StatFS].
func (t *Tree) Stat(name string) (fs.FileInfo, error) {
	info, err := fs.Stat(t.root.FS(), name)
	return info, t.explain(name, err)
}

// Lstat implements [fs.ReadLinkFS].
func (t *Tree) Lstat(name string) (fs.FileInfo, error) {
	info, err := fs.Lstat(t.root.FS(), name)
	return info, t.explain(name, err)
}

// ReadLink implements [fs.ReadLinkFS].
func (t *Tree) ReadLink(name string) (string, error) {
	return fs.ReadLink(t.root.FS(), name)
}

// ReadDir implements [fs.ReadDirFS].
func (t *Tree) ReadDir(name string) ([]fs.DirEntry, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if entries, known := t.listed[name]; known {
		return slices.Clone(entries), nil
	}
	entries, err := fs.ReadDir(t.root.FS(), name)
	if err != nil {
		return entries, t.explain(name, err)
	}
	t.listed[name] = entries
	return slices.Clone(entries), nil
}

// Replace writes a file and puts it in the old one's place in one step, so that
// nobody reads half of it. It makes the directories on the way. A symbolic link
// of that name is replaced itself; one on the way may lead nowhere outside.
func (t *Tree) Replace(name string, mode fs.FileMode, write func(io.Writer) error) error {
	if ofGit(name) {
		return fmt.Errorf("%s is below .git, which belongs to git; name another file", name)
	}
	t.forget()
	dir, err := t.directory(path.Dir(name))
	if err != nil {
		return t.explain(name, err)
	}
	defer dir.Close()
	temporary := ".migvet-" + rand.Text()
	if err := writeNew(dir, temporary, mode, write); err != nil {
		_ = dir.Remove(temporary) // the error tells more
		return err
	}
	return dir.Rename(temporary, path.Base(name))
}

// forget has what was seen of the tree looked at again, now that a file changes.
func (t *Tree) forget() {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	clear(t.listed)
	clear(t.texts.byName)
}

// directory opens a directory below the root, and makes it where it is missing.
func (t *Tree) directory(name string) (*os.Root, error) {
	if err := t.root.MkdirAll(name, 0o755); err != nil {
		return nil, err
	}
	if info, err := t.root.Stat(name); err != nil || !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if err := t.checkOpen(name, fs.ModeDir); err != nil {
		return nil, err
	}
	return t.root.OpenRoot(name)
}

func writeNew(dir *os.Root, name string, mode fs.FileMode, write func(io.Writer) error) error {
	file, err := dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := write(file); err != nil {
		file.Close()
		return err
	}
	if err := file.Chmod(mode); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// explain says what os.Root means.
func (t *Tree) explain(name string, err error) error {
	if err == nil || !strings.Contains(err.Error(), "path escapes from parent") {
		return err
	}
	return fmt.Errorf("%s: a symbolic link on the way leads out of %s; remove the link, or name a file elsewhere", name, t.dir)
}
