package files

import (
	"io"
	"os"
)

// A Regular is a regular file that is open, and how many bytes of it are read: what
// somebody adds meanwhile is left out.
type Regular struct {
	io.Reader
	Size int64
	file *os.File
}

// Close closes the file.
func (r *Regular) Close() error { return r.file.Close() }

// OpenRegular opens a file of at most limit bytes that is no symbolic link when it is
// looked at. It waits for nobody: a pipe is an error, also one that takes the file's
// place while it is opened.
func OpenRegular(root *os.Root, name string, limit int64) (*Regular, error) {
	info, err := root.Lstat(name)
	if err == nil {
		err = checkRegular(name, info, limit) // opening a device may do something
	}
	if err != nil {
		return nil, err
	}
	file, err := root.OpenFile(name, os.O_RDONLY|nonblocking, 0)
	if err != nil {
		return nil, err
	}
	if info, err = file.Stat(); err == nil {
		err = checkRegular(name, info, limit)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return &Regular{io.LimitReader(file, info.Size()), info.Size(), file}, nil
}
