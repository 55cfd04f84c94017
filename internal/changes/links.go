package changes

import (
	"errors"
	"io/fs"
	"path"
	"strings"
)

// maxLinks is how many symbolic links lead to a file at most, as on Linux.
const maxLinks = 40

var (
	errTooManyLinks = errors.New("too many levels of symbolic links")
	errLeadsOut     = errors.New("symbolic link leads out of the repository")
	errNoLink       = errors.New("not a symbolic link")
)

// find follows symbolic links.
func (t *Tree) find(op, name string) (*node, error) {
	n, err := t.resolve(name, true)
	if err != nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: err}
	}
	if base := path.Base(name); n.name != base {
		renamed := *n
		renamed.name = base
		return &renamed, nil
	}
	return n, nil
}

// resolve finds a file through the links on the way, and through the one that it
// is itself when last says so.
func (t *Tree) resolve(name string, last bool) (*node, error) {
	if !fs.ValidPath(name) {
		return nil, fs.ErrInvalid
	}
	for range maxLinks {
		at, rest := t.firstLink(name, last)
		if at == nil {
			if n := t.nodes[name]; n != nil {
				return n, nil
			}
			return nil, fs.ErrNotExist
		}
		target, err := at.target()
		if err != nil {
			return nil, err
		}
		if name = path.Join(path.Dir(at.path), target, rest); path.IsAbs(target) || !fs.ValidPath(name) {
			return nil, errLeadsOut
		}
	}
	return nil, errTooManyLinks
}

// firstLink returns the first link on the way to a file, and the way behind it.
func (t *Tree) firstLink(name string, last bool) (link *node, rest string) {
	for end := 0; end < len(name); end++ {
		next := strings.IndexByte(name[end:], '/')
		if next < 0 {
			if n := t.nodes[name]; last && n != nil && n.link {
				return n, ""
			}
			return nil, ""
		}
		end += next
		if n := t.nodes[name[:end]]; n != nil && n.link {
			return n, name[end+1:]
		}
	}
	return nil, ""
}

// target is the text of a link: that is its content.
func (n *node) target() (string, error) {
	return n.tree.blobs.read(n)
}

// ReadLink implements fs.ReadLinkFS.
func (t *Tree) ReadLink(name string) (string, error) {
	n, err := t.resolve(name, false)
	if err == nil && !n.link {
		err = errNoLink
	}
	if err != nil {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: err}
	}
	return n.target()
}

// Lstat implements fs.ReadLinkFS.
func (t *Tree) Lstat(name string) (fs.FileInfo, error) {
	n, err := t.resolve(name, false)
	if err != nil {
		return nil, &fs.PathError{Op: "lstat", Path: name, Err: err}
	}
	return n, nil
}
