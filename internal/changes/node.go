package changes

import (
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// A node is a file or directory of a tree.
type node struct {
	name, path string
	dir, link  bool
	hash       string
	tree       *Tree
	children   []*node
}

func (n *node) add(child *node, nodes map[string]*node) {
	n.children = append(n.children, child)
	nodes[child.path] = child
}

func (n *node) entries() []fs.DirEntry {
	entries := make([]fs.DirEntry, len(n.children))
	for i, c := range n.children {
		entries[i] = c
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries
}

func (n *node) Name() string               { return n.name }
func (n *node) IsDir() bool                { return n.dir }
func (n *node) Type() fs.FileMode          { return n.Mode().Type() }
func (n *node) Info() (fs.FileInfo, error) { return n, nil }
func (n *node) ModTime() time.Time         { return time.Time{} }
func (n *node) Sys() any                   { return nil }

// Size reads the file: git's list does not tell it. It is 0 if git fails.
func (n *node) Size() int64 {
	if n.dir {
		return 0
	}
	content, err := n.tree.blobs.read(n)
	if err != nil {
		return 0
	}
	return int64(len(content))
}

func (n *node) Mode() fs.FileMode {
	switch {
	case n.dir:
		return fs.ModeDir | 0o555
	case n.link:
		return fs.ModeSymlink | 0o777
	default:
		return 0o444
	}
}

type openFile struct {
	*strings.Reader
	node    *node
	content string
}

// Text returns the whole content.
func (f *openFile) Text() string { return f.content }

func (f *openFile) Stat() (fs.FileInfo, error) { return sized{f.node, f.Reader.Size()}, nil }
func (f *openFile) Close() error               { return nil }

// sized is a node whose content was read.
type sized struct {
	*node
	size int64
}

func (s sized) Size() int64 { return s.size }

type openDir struct {
	node *node
	read int // entries told so far
}

func (d *openDir) Stat() (fs.FileInfo, error) { return d.node, nil }
func (d *openDir) Close() error               { return nil }

func (d *openDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.node.path, Err: fs.ErrInvalid}
}

// ReadDir implements fs.ReadDirFile.
func (d *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := d.node.entries()[d.read:]
	if n > 0 && len(rest) == 0 {
		return nil, io.EOF
	}
	if n > 0 {
		rest = rest[:min(n, len(rest))]
	}
	d.read += len(rest)
	return rest, nil
}
