package changes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

var errNoDirectory = errors.New("not a directory")

// A Tree is the files of a commit as a file system. Symbolic links lead to other
// files of the commit, and nowhere else; submodules are left out. Close ends what
// is behind it.
type Tree struct {
	nodes map[string]*node
	blobs blobs
}

// blobs have the content of files.
type blobs interface {
	read(n *node) (string, error)
	stream(n *node, use func(io.Reader) error) error // what git has, of any size; what the last call of use had
	Rest() error
	Close() error
}

func newTree(b blobs) *Tree {
	return &Tree{nodes: map[string]*node{".": {name: ".", dir: true}}, blobs: b}
}

// FS returns the tree of the base commit.
func (b *Base) FS(ctx context.Context) (*Tree, error) {
	if b.kept != nil {
		return b.kept.tree(), nil
	}
	list, err := b.repository.git(ctx, "ls-tree", "-r", "-z", "--full-tree", b.Commit)
	if err != nil {
		return nil, fmt.Errorf("listing the files of %s: %w", b, err)
	}
	text, err := b.openBlobs(ctx)
	if err != nil {
		return nil, err
	}
	t := newTree(text)
	for entry := range bytes.SplitSeq(list, []byte{0}) {
		t.addEntry(string(entry))
	}
	return t, nil
}

// openBlobs begins a conversation with git, which ends with ctx.
func (b *Base) openBlobs(ctx context.Context) (*catFile, error) {
	work, err := os.OpenRoot(b.repository.top)
	if err != nil {
		return nil, err
	}
	return &catFile{ctx: ctx, repository: b.repository, work: work, asked: map[string]string{}}, nil
}

// Close closes what the tree reads from, such as a process of git. The tree cannot be
// read afterwards.
func (t *Tree) Close() error { return t.blobs.Close() }

// Rest ends the process that reads for the tree until it is asked again.
func (t *Tree) Rest() error { return t.blobs.Rest() }

// addEntry takes one line of ls-tree: "100644 blob HASH\tPATH".
func (t *Tree) addEntry(entry string) {
	meta, name, ok := strings.Cut(entry, "\t")
	fields := strings.Fields(meta)
	if ok && len(fields) == 3 && fields[1] == "blob" {
		t.add(name, fields[2], fields[0] == SymbolicLink)
	}
}

// SymbolicLink is the mode that git gives symbolic links.
const SymbolicLink = "120000"

// add takes in a name that is not UTF-8, too: it can be listed, and not opened.
func (t *Tree) add(name, hash string, link bool) {
	if fs.ValidPath(strings.ToValidUTF8(name, "?")) {
		t.parent(name).add(&node{name: path.Base(name), hash: hash, link: link, tree: t, path: name}, t.nodes)
	}
}

// parent returns the directory of a file, making those that are missing.
func (t *Tree) parent(name string) *node {
	dir := path.Dir(name)
	if n := t.nodes[dir]; n != nil {
		return n
	}
	n := &node{name: path.Base(dir), dir: true, path: dir}
	t.parent(dir).add(n, t.nodes)
	return n
}

// Open implements fs.FS.
func (t *Tree) Open(name string) (fs.File, error) {
	n, err := t.find("open", name)
	if err != nil {
		return nil, err
	}
	if n.dir {
		return &openDir{node: n}, nil
	}
	content, err := t.blobs.read(n)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &openFile{Reader: strings.NewReader(content), node: n, content: content}, nil
}

// ReadFile implements fs.ReadFileFS.
func (t *Tree) ReadFile(name string) ([]byte, error) {
	n, err := t.find("read", name)
	if err != nil {
		return nil, err
	}
	if n.dir {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrInvalid}
	}
	content, err := t.blobs.read(n)
	return []byte(content), err
}

// ReadDir implements fs.ReadDirFS.
func (t *Tree) ReadDir(name string) ([]fs.DirEntry, error) {
	n, err := t.find("readdir", name)
	if err != nil {
		return nil, err
	}
	if !n.dir {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errNoDirectory}
	}
	return n.entries(), nil
}

// Stat implements fs.StatFS. It asks git nothing until the size is wanted.
func (t *Tree) Stat(name string) (fs.FileInfo, error) {
	n, err := t.find("stat", name)
	if err != nil {
		return nil, err
	}
	return n, nil
}
