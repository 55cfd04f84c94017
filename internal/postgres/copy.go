package postgres

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"
)

const (
	maxTreeSize    = 512 << 20 // bytes; a fresh data directory has about 20 MB
	maxTreeEntries = 20_000    // it has about 1,000
)

// copyTree copies the directories and regular files below from into the
// existing directory to, gives them to the account, and returns a checksum
// over their names and contents. Hard links would be faster, but PostgreSQL
// writes its files in place.
//
// Processes of the owner of from may be at work there, and may mean harm: what
// is copied has no other name, is the owner's, and is bounded. Nobody but us may
// reach to.
func copyTree(from string, owner account, to string, a account) (sum uint32, err error) {
	source, err := os.OpenRoot(from)
	if err != nil {
		return 0, err
	}
	defer source.Close()
	target, err := os.OpenRoot(to)
	if err != nil {
		return 0, err
	}
	defer target.Close()
	c := treeCopy{owner: owner, account: a, sum: crc32.New(crc32.MakeTable(crc32.Castagnoli))}
	if err := c.dir("", source, target); err != nil {
		return 0, fmt.Errorf("copy %s: %w", from, err)
	}
	return c.sum.Sum32(), nil
}

type treeCopy struct {
	owner, account account
	sum            hash.Hash32
	size           int64
	entries        int
}

// dir copies what is in a directory; name is its path in the tree.
func (c *treeCopy) dir(name string, from, to *os.Root) error {
	entries, err := fs.ReadDir(from.FS(), ".") // sorted
	if err != nil {
		return err
	}
	for _, e := range entries {
		if c.entries++; c.entries > maxTreeEntries {
			return fmt.Errorf("more than %d files", maxTreeEntries)
		}
		at := path.Join(name, e.Name())
		if e.IsDir() {
			err = c.subdir(at, e.Name(), from, to)
		} else {
			err = c.file(at, e.Name(), from, to)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
	}
	return nil
}

func (c *treeCopy) subdir(at, name string, from, to *os.Root) error {
	c.note(at, nil)
	source, err := from.OpenRoot(name)
	if err != nil {
		return err
	}
	defer source.Close()
	if err := to.Mkdir(name, 0o700); err != nil {
		return err
	}
	target, err := to.OpenRoot(name)
	if err != nil {
		return err
	}
	defer target.Close()
	if err := c.dir(at, source, target); err != nil || !c.account.other {
		return err
	}
	return to.Lchown(name, c.account.uid, c.account.gid)
}

func (c *treeCopy) file(at, name string, from, to *os.Root) error {
	content, err := c.read(name, from)
	if err != nil {
		return err
	}
	c.note(at, content)
	f, err := to.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if c.account.other {
		err = errors.Join(err, f.Chown(c.account.uid, c.account.gid))
	}
	return errors.Join(err, f.Close())
}

// read does not wait for the other end of a FIFO.
func (c *treeCopy) read(name string, from *os.Root) ([]byte, error) {
	f, err := from.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || !onlyNameOf(info, c.owner) {
		return nil, errors.New("it is not a file of the data directory alone")
	}
	if c.size += info.Size(); c.size > maxTreeSize {
		return nil, fmt.Errorf("more than %d MiB", maxTreeSize>>20)
	}
	content := make([]byte, info.Size())
	_, err = io.ReadFull(f, content)
	return content, err
}

// note adds to the checksum. The length keeps neighbours apart.
func (c *treeCopy) note(name string, content []byte) {
	_, _ = c.sum.Write([]byte(name))
	_ = binary.Write(c.sum, binary.BigEndian, int64(len(content)))
	_, _ = c.sum.Write(content)
}
