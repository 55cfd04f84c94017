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
	closed bool
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
	c.closed, c.asked = true, nil
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
	if content, known := c.answered(n.hash); known {
		return content, nil
	}
	content, err := c.ask(n.hash)
	if err == nil {
		c.keep(n.hash, content)
	}
	return content, err
}

// answered returns what git was asked for before; known is false where that was not kept.
func (c *catFile) answered(hash string) (content string, known bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	content, known = c.asked[hash]
	return content, known
}

func (c *catFile) keep(hash, content string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if !c.closed && len(c.asked) < maxKeptAsked && len(content) <= maxAsked {
		c.asked[hash] = content
	}
}

// ask takes a file into memory, by its hash or as "COMMIT:PATH".
func (c *catFile) ask(name string) (content string, err error) {
	err = c.turn(name, func(size int64) (err error) {
		content, err = c.whole(size)
		return err
	})
	return content, err
}

// turn asks for a file, whose size in bytes take is told: it reads so many and the line
// end behind them. What fails halfway leaves an answer that the next question would take
// for its own, so git is ended, and that question begins another conversation.
func (c *catFile) turn(name string, take func(size int64) error) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.closed {
		return fs.ErrClosed
	}
	if err := c.start(); err != nil {
		return err
	}
	size, err := c.header(name)
	if errors.Is(err, errNoBlob) {
		return err
	}
	if err == nil {
		err = take(size)
	}
	if err != nil {
		c.abandon()
		return fmt.Errorf("reading %s from git: %w", shortHash(name), err)
	}
	return nil
}

// abandon ends a conversation whose answer is not read to its end: git would wait for
// somebody to read it, and whoever waits for git would wait with it.
func (c *catFile) abandon() {
	_ = c.cmd.Process.Kill()
	_ = c.end() // that it was killed
}

// whole takes content into memory.
func (c *catFile) whole(size int64) (string, error) {
	if size > maxBlob {
		return "", fmt.Errorf("%d bytes; files up to %d MiB are read", size, maxBlob>>20)
	}
	data := make([]byte, size+1)
	if _, err := io.ReadFull(c.out, data); err != nil {
		return "", err
	}
	return string(data[:size]), nil
}

// header begins a turn: "HASH blob SIZE\n", content, "\n". The size is in bytes. The
// error is errNoBlob, and the turn over, where git says "NAME missing\n", or has a
// directory or a submodule of that name.
func (c *catFile) header(name string) (size int64, err error) {
	if _, err := io.WriteString(c.in, name+"\n"); err != nil {
		return 0, err
	}
	header, err := c.out.ReadString('\n')
	if err != nil {
		return 0, err
	}
	if strings.HasSuffix(header, " missing\n") || strings.HasSuffix(header, " submodule\n") {
		return 0, noBlob(name)
	}
	fields := strings.Fields(header)
	if len(fields) != 3 {
		return 0, fmt.Errorf("git answers %q", strings.TrimSpace(header))
	}
	if size, err = strconv.ParseInt(fields[2], 10, 64); err != nil || fields[1] == "blob" {
		return size, err
	}
	if _, err := io.CopyN(io.Discard, c.out, size+1); err != nil {
		return 0, err
	}
	return 0, noBlob(name)
}

func noBlob(name string) error {
	return fmt.Errorf("reading %s from git: %w", shortHash(name), errNoBlob)
}

// stream hands the content to use as it comes. It need not read to the end.
func (c *catFile) stream(n *node, use func(io.Reader) error) error {
	if streamSame(c.work, n.path, n.hash, use) {
		return nil
	}
	return c.turn(n.hash, func(size int64) error {
		content := io.LimitReader(c.out, size)
		if err := use(content); err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, content); err != nil {
			return err
		}
		_, err := c.out.Discard(1)
		return err
	})
}
