package postgres

import (
	"encoding/binary"
	"fmt"
	"hash"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
)

// copyTree copies the directories and regular files below from into the
// existing directory to, gives them to the account, and returns a checksum
// over their names and contents. Hard links would be faster, but PostgreSQL
// writes its files in place.
func copyTree(from, to string, a account) (uint32, error) {
	c := treeCopy{from: from, to: to, account: a, sum: crc32.New(crc32.MakeTable(crc32.Castagnoli))}
	if err := filepath.WalkDir(from, c.visit); err != nil {
		return 0, err
	}
	return c.sum.Sum32(), nil
}

type treeCopy struct {
	from, to string
	account  account
	sum      hash.Hash32
}

func (c *treeCopy) visit(path string, entry fs.DirEntry, err error) error {
	if err != nil || path == c.from {
		return err
	}
	name, err := filepath.Rel(c.from, path)
	if err != nil {
		return err
	}
	target := filepath.Join(c.to, name)
	switch {
	case entry.IsDir():
		c.note(name, nil)
		err = os.Mkdir(target, 0o700)
	case entry.Type().IsRegular():
		err = c.file(name, path, target)
	default:
		err = fmt.Errorf("%s: neither file nor directory", path)
	}
	if err != nil {
		return err
	}
	return c.account.own(target)
}

func (c *treeCopy) file(name, from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	c.note(name, content)
	return os.WriteFile(to, content, 0o600)
}

// note adds to the checksum. The length keeps neighbours apart.
func (c *treeCopy) note(name string, content []byte) {
	_, _ = c.sum.Write([]byte(filepath.ToSlash(name)))
	_ = binary.Write(c.sum, binary.BigEndian, int64(len(content)))
	_, _ = c.sum.Write(content)
}
