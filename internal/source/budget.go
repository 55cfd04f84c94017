package source

import (
	"fmt"
	"io/fs"
)

// MaxText is how many bytes of migrations a run reads, those of both branches
// together. 10,000 migrations have some 20 MiB; what has more is data, and all
// of it is in memory at once, at worst four times.
const MaxText = 128 << 20

// A Budget is what a run may still read of migrations.
type Budget struct{ limit, left int64 }

// NewBudget returns one of so many bytes.
func NewBudget(limit int64) *Budget { return &Budget{limit, limit} }

// Tree returns a tree whose migrations count against the budget: to [Load] more
// of them is an error.
func (b *Budget) Tree(fsys fs.FS) fs.FS { return &counted{fsys, b} }

func (b *Budget) take(name string, bytes int) error {
	if b.left -= int64(bytes); b.left >= 0 {
		return nil
	}
	return fmt.Errorf("with %s the migrations of both branches have more than %d MiB of text, the most that migvet reads; move rows out of migrations, or name the folders to check", name, b.limit>>20)
}

// A counted tree knows the budget that its migrations count against.
type counted struct {
	fsys   fs.FS
	budget *Budget
}

func (c *counted) Open(name string) (fs.File, error)          { return c.fsys.Open(name) }
func (c *counted) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(c.fsys, name) }
func (c *counted) ReadFile(name string) ([]byte, error)       { return fs.ReadFile(c.fsys, name) }
func (c *counted) Stat(name string) (fs.FileInfo, error)      { return fs.Stat(c.fsys, name) }
func (c *counted) Lstat(name string) (fs.FileInfo, error)     { return fs.Lstat(c.fsys, name) }
func (c *counted) ReadLink(name string) (string, error)       { return fs.ReadLink(c.fsys, name) }

// takeText counts a file that is kept against the budget of its tree, if it has
// one.
func takeText(fsys fs.FS, name string, bytes int) error {
	switch t := fsys.(type) {
	case *counted:
		return t.budget.take(name, bytes)
	case withSettings:
		return takeText(t.FS, name, bytes)
	default:
		return nil
	}
}
