package postgres

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/migvet/migvet/internal/rundir"
)

// treeSum is a SHA-256 over all names, kinds, links and contents below a
// directory that was unpacked from a package, in the notation of pins. What is
// there must be ours, and nobody else's to change.
func treeSum(dir string) (string, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", err
	}
	defer root.Close()
	var leaves []leaf
	err = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		l, err := newLeaf(root, name, entry)
		leaves = append(leaves, l)
		return err
	})
	if err == nil {
		err = readLeaves(root, leaves)
	}
	if err != nil {
		return "", fmt.Errorf("verify %s: %w", dir, err)
	}
	h := sha256.New()
	for _, l := range leaves { // sorted by WalkDir
		fmt.Fprintf(h, "%q %s %q %x\n", l.name, l.kind, l.link, l.sum)
	}
	return "sha256-" + base64.StdEncoding.EncodeToString(h.Sum(nil)), nil
}

// A leaf is one entry of a tree, directories included.
type leaf struct {
	name, kind, link string
	sum              []byte
}

func newLeaf(root *os.Root, name string, entry fs.DirEntry) (leaf, error) {
	l := leaf{name: name}
	info, err := entry.Info()
	if err != nil {
		return l, err
	}
	if !rundir.OwnedByUs(info) {
		return l, fmt.Errorf("%s belongs to another user", name)
	}
	switch mode := info.Mode(); {
	case mode&fs.ModeSymlink != 0:
		l.kind = "link"
		l.link, err = root.Readlink(filepath.FromSlash(name))
		return l, err
	case mode.Perm()&0o022 != 0:
		return l, fmt.Errorf("others can write to %s", name)
	case mode.IsDir():
		l.kind = "directory"
	case mode.IsRegular() && mode.Perm()&0o100 != 0:
		l.kind = "program"
	case mode.IsRegular():
		l.kind = "file"
	default:
		return l, errors.New(name + " is neither file nor directory")
	}
	return l, nil
}

// readLeaves sums the files up, on all processors: it is 60 MB before every run.
func readLeaves(root *os.Root, leaves []leaf) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, runtime.GOMAXPROCS(0))
	for worker := range errs {
		wg.Go(func() {
			for errs[worker] == nil {
				n := int(next.Add(1)) - 1
				if n >= len(leaves) {
					return
				}
				errs[worker] = leaves[n].read(root)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (l *leaf) read(root *os.Root) error {
	if l.kind != "file" && l.kind != "program" {
		return nil
	}
	f, err := root.Open(filepath.FromSlash(l.name))
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	l.sum = h.Sum(nil)
	return nil
}
