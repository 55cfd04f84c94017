package changes

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"path"
	"strconv"
	"strings"
	"sync"
)

// maxBlob is the size of the largest file that is read, in bytes.
const maxBlob = 64 << 20

var errNoDirectory = errors.New("not a directory")

// A Tree is the files of a commit as a file system. Symbolic links and
// submodules are left out. Close ends the git process behind it.
type Tree struct {
	nodes map[string]*node

	mutex  sync.Mutex // one question at a time
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	failed error
}

// FS returns the tree of the base commit.
func (b *Base) FS(ctx context.Context) (*Tree, error) {
	list, err := b.repository.git(ctx, "ls-tree", "-r", "-z", "--full-tree", b.Commit)
	if err != nil {
		return nil, fmt.Errorf("listing the files of %s: %w", b, err)
	}
	t := &Tree{nodes: map[string]*node{".": {name: ".", dir: true}}}
	for entry := range bytes.SplitSeq(list, []byte{0}) {
		t.add(string(entry))
	}
	t.cmd = b.repository.command(ctx, "cat-file", "--batch")
	if t.in, err = t.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := t.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	t.out = bufio.NewReaderSize(out, 64<<10)
	if err := t.cmd.Start(); err != nil {
		return nil, fmt.Errorf("reading the files of %s: %w", b, err)
	}
	return t, nil
}

// Close ends the git process. The tree cannot be read afterwards.
func (t *Tree) Close() error {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.failed == fs.ErrClosed {
		return nil
	}
	t.failed = fs.ErrClosed
	t.in.Close()
	return t.cmd.Wait()
}

// add takes one line of ls-tree: "100644 blob HASH\tPATH".
func (t *Tree) add(entry string) {
	meta, name, ok := strings.Cut(entry, "\t")
	fields := strings.Fields(meta)
	if !ok || len(fields) != 3 || fields[1] != "blob" || fields[0] == "120000" || !fs.ValidPath(name) {
		return
	}
	t.parent(name).add(&node{name: path.Base(name), hash: fields[2], tree: t, path: name}, t.nodes)
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

// blob asks git for the content of a file.
func (t *Tree) blob(hash string) ([]byte, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.failed != nil {
		return nil, t.failed
	}
	data, err := t.ask(hash)
	if err != nil {
		t.failed = err // the conversation is out of step
	}
	return data, err
}

// ask has one turn of git cat-file --batch: "HASH blob SIZE\n", content, "\n".
func (t *Tree) ask(hash string) ([]byte, error) {
	if _, err := io.WriteString(t.in, hash+"\n"); err != nil {
		return nil, fmt.Errorf("asking git for %s: %w", short(hash), err)
	}
	header, err := t.out.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("reading %s from git: %w", short(hash), err)
	}
	fields := strings.Fields(header)
	if len(fields) != 3 || fields[1] != "blob" {
		return nil, fmt.Errorf("reading %s from git: %s", short(hash), strings.TrimSpace(header))
	}
	size, err := strconv.Atoi(fields[2])
	if err != nil || size > maxBlob {
		return nil, fmt.Errorf("reading %s from git: %s bytes; files up to %d MiB are read", short(hash), fields[2], maxBlob>>20)
	}
	data := make([]byte, size+1)
	if _, err := io.ReadFull(t.out, data); err != nil {
		return nil, fmt.Errorf("reading %s from git: %w", short(hash), err)
	}
	return data[:size], nil
}

func (t *Tree) find(op, name string) (*node, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	n := t.nodes[name]
	if n == nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return n, nil
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
	data, err := t.blob(n.hash)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &openFile{node: n, Reader: bytes.NewReader(data)}, nil
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
	return t.blob(n.hash)
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
