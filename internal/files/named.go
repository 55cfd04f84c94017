package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// Named opens files by the paths that people write into arguments and inputs.
// What lies in one of its directories may be a branch's work, and is opened as a
// [Tree] is. Everything else is the user's own: it may be a link to anywhere.
type Named struct {
	Dirs []string // absolute; where one lies in another, the inner one comes first
}

// Read reads a regular file of at most limit bytes.
func (n Named) Read(file string, limit int64) ([]byte, error) {
	dir, rel, ok := n.find(file)
	if !ok {
		return Read(machine{}, file, limit)
	}
	tree, err := OpenTree(dir)
	if err != nil {
		return nil, err
	}
	defer tree.Close()
	return Read(tree, rel, limit)
}

// Write replaces a file in one step, as [Tree.Replace] does. Outside of the
// directories it writes into pipes, terminals and what else the shell hands
// over, such as /dev/stdout and /dev/fd/63.
func (n Named) Write(file string, write func(io.Writer) error) error {
	dir, rel, ok := n.find(filepath.Dir(file))
	if ok {
		return replaceFile(dir, path.Join(rel, filepath.Base(file)), write)
	}
	info, err := os.Stat(file)
	if err == nil && (!info.Mode().IsRegular() || descriptorPath.MatchString(file)) {
		return writeInto(file, info.Mode(), write)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return replaceFile(filepath.Dir(file), filepath.Base(file), write)
}

func replaceFile(dir, name string, write func(io.Writer) error) error {
	tree, err := OpenTree(dir)
	if err != nil {
		return err
	}
	defer tree.Close()
	return tree.Replace(name, 0o644, write)
}

// descriptorPath is what names a file that is open already.
var descriptorPath = lazyregexp.New(`^(/dev/std(in|out|err)|/dev/fd/\d+|/proc/self/fd/\d+)$`)

// writeInto writes into what is no file to be replaced. It does not wait for
// somebody to read: there may never be anybody.
func writeInto(file string, mode fs.FileMode, write func(io.Writer) error) error {
	if mode.IsDir() || mode&fs.ModeSocket != 0 || mode&fs.ModeDevice != 0 && mode&fs.ModeCharDevice == 0 {
		return notRegular(file, mode)
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND|nonblocking, 0)
	if errors.Is(err, syscall.ENXIO) {
		return fmt.Errorf("%s is a pipe that nobody reads; start its reader first", file)
	}
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// find returns in which of the directories a path lies, and where.
func (n Named) find(file string) (dir, rel string, ok bool) {
	for _, dir := range n.Dirs {
		if rel, ok := Below(dir, file); ok {
			return dir, rel, true
		}
	}
	return "", "", false
}

// Below returns the path of a file below a directory, with slashes. Both are
// absolute. The file need not be there, and what leads to the directory may be
// links: /tmp/x is below /private/tmp where /tmp is a link to it. Links behind
// the directory are left for [Tree] to follow.
func Below(dir, file string) (rel string, ok bool) {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", false
	}
	for _, above := range pathsToFile(file) {
		real, err := filepath.EvalSymlinks(above)
		if err != nil {
			return "", false
		}
		if in, ok := lexicallyBelow(dir, real); ok {
			rest, err := filepath.Rel(above, file)
			return path.Join(in, filepath.ToSlash(rest)), err == nil
		}
	}
	return "", false
}

func lexicallyBelow(dir, file string) (rel string, ok bool) {
	rel, err := filepath.Rel(dir, file)
	rel = filepath.ToSlash(rel)
	return rel, err == nil && rel != ".." && !strings.HasPrefix(rel, "../")
}

// pathsToFile lists the directories on the way to a file, from the outermost on,
// and the file.
func pathsToFile(file string) []string {
	all := []string{file}
	for dir := filepath.Dir(file); dir != all[len(all)-1]; dir = filepath.Dir(dir) {
		all = append(all, dir)
	}
	slices.Reverse(all)
	return all
}

// machine has all files of the machine, by absolute paths of the system.
type machine struct{}

// Open implements [fs.FS], but for what paths are.
func (machine) Open(name string) (fs.File, error) {
	return os.OpenFile(name, os.O_RDONLY|nonblocking, 0)
}

// Stat implements [fs.StatFS], but for what paths are.
func (machine) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }
