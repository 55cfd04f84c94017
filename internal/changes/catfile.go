package changes

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"strconv"
	"strings"
	"sync"
)

// maxBlob is the size of the largest file that is read, in bytes.
const maxBlob = 64 << 20

// A catFile is a conversation with git cat-file --batch.
type catFile struct {
	mutex  sync.Mutex // one question at a time
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	failed error
}

func (r *repository) catFile(ctx context.Context) (*catFile, error) {
	c := &catFile{cmd: r.command(ctx, "cat-file", "--batch")}
	var err error
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewReaderSize(out, 64<<10)
	return c, c.cmd.Start()
}

// Close ends the git process.
func (c *catFile) Close() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.failed == fs.ErrClosed {
		return nil
	}
	c.failed = fs.ErrClosed
	c.in.Close()
	return c.cmd.Wait()
}

// read asks git for the content of a file.
func (c *catFile) read(n *node) ([]byte, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.failed != nil {
		return nil, c.failed
	}
	data, err := c.ask(n.hash)
	if err != nil {
		c.failed = err // the conversation is out of step
	}
	return data, err
}

// ask has one turn: "HASH blob SIZE\n", content, "\n".
func (c *catFile) ask(hash string) ([]byte, error) {
	if _, err := io.WriteString(c.in, hash+"\n"); err != nil {
		return nil, fmt.Errorf("asking git for %s: %w", short(hash), err)
	}
	header, err := c.out.ReadString('\n')
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
	if _, err := io.ReadFull(c.out, data); err != nil {
		return nil, fmt.Errorf("reading %s from git: %w", short(hash), err)
	}
	return data[:size], nil
}
