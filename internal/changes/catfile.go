package changes

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
)

// maxBlob is the size of the largest file that is read, in bytes.
const maxBlob = 64 << 20

var errNoBlob = errors.New("there is no such file")

// A catFile is a conversation with git cat-file --batch, which begins with the
// first question.
type catFile struct {
	ctx        context.Context // ends git
	repository *repository
	work       *os.Root // the work tree, most of whose files are as in the commit
	ahead      readAhead

	mutex  sync.Mutex // one question at a time
	cmd    *exec.Cmd  // nil while there is no conversation
	in     io.WriteCloser
	out    *bufio.Reader
	failed error
	asked  map[string]string // content of small files, by hash: who recognises a folder reads it again
}

// What is kept of the files that git was asked for: so many, of so many bytes each.
const (
	maxKeptAsked = 16
	maxAsked     = 2 << 20
)

func (c *catFile) start() error {
	if c.cmd != nil {
		return nil
	}
	cmd := c.repository.command(c.ctx, "cat-file", "--batch")
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	c.cmd, c.in, c.out = cmd, in, bufio.NewReaderSize(out, 64<<10)
	return nil
}

// Rest ends the git process until the next question.
func (c *catFile) Rest() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.end()
}

func (c *catFile) end() error {
	if c.cmd == nil {
		return nil
	}
	cmd := c.cmd
	c.cmd = nil
	return errors.Join(c.in.Close(), cmd.Wait())
}

// Close ends the git process.
func (c *catFile) Close() error {
	c.ahead.end()
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.failed, c.asked = fs.ErrClosed, nil
	return errors.Join(c.end(), c.work.Close())
}

// read takes the file of the work tree if it has the content that the commit has,
// and asks git else, which takes ten times as long.
func (c *catFile) read(n *node) (string, error) {
	if content, ok := c.ahead.take(n); ok {
		return content, nil
	}
	if content, err := contentOf(c.work, n.path, n.link); err == nil && gitHash(n.hash, content) == n.hash {
		return content, nil
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if content, known := c.asked[n.hash]; known {
		return content, nil
	}
	if c.failed == nil {
		c.failed = c.start()
	}
	if c.failed != nil {
		return "", c.failed
	}
	content, err := c.ask(n.hash)
	if err != nil {
		c.failed = err // the conversation is out of step
		return "", err
	}
	if len(c.asked) < maxKeptAsked && len(content) <= maxAsked {
		c.asked[n.hash] = content
	}
	return content, nil
}

// ask has one turn, and takes the content into memory.
func (c *catFile) ask(hash string) (string, error) {
	size, err := c.header(hash)
	if err != nil {
		return "", err
	}
	if size > maxBlob {
		return "", fmt.Errorf("reading %s from git: %d bytes; files up to %d MiB are read", shortHash(hash), size, maxBlob>>20)
	}
	data := make([]byte, size+1)
	if _, err := io.ReadFull(c.out, data); err != nil {
		return "", fmt.Errorf("reading %s from git: %w", shortHash(hash), err)
	}
	return string(data[:size]), nil
}

// header begins a turn: "HASH blob SIZE\n", content, "\n". The size is in bytes. The
// error is errNoBlob where git does not have it.
func (c *catFile) header(hash string) (size int64, err error) {
	if _, err := io.WriteString(c.in, hash+"\n"); err != nil {
		return 0, fmt.Errorf("asking git for %s: %w", shortHash(hash), err)
	}
	header, err := c.out.ReadString('\n')
	if err != nil {
		return 0, fmt.Errorf("reading %s from git: %w", shortHash(hash), err)
	}
	fields := strings.Fields(header)
	if len(fields) != 3 || fields[1] != "blob" {
		return 0, fmt.Errorf("reading %s from git: %w: %s", shortHash(hash), errNoBlob, strings.TrimSpace(header))
	}
	if size, err = strconv.ParseInt(fields[2], 10, 64); err != nil {
		return 0, fmt.Errorf("reading %s from git: %w", shortHash(hash), err)
	}
	return size, nil
}

// stream hands the content to use as it comes.
func (c *catFile) stream(n *node, use func(io.Reader) error) error {
	if streamSame(c.work, n.path, n.hash, use) {
		return nil
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if err := c.start(); err != nil {
		return err
	}
	size, err := c.header(n.hash)
	if err != nil {
		return err
	}
	content := io.LimitReader(c.out, size)
	if err := use(content); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, content); err != nil {
		return err
	}
	_, err = c.out.Discard(1)
	return err
}
