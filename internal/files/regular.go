package files

import (
	"io"
	"io/fs"
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

// OpenRegular opens a file of at most limit bytes that is no symbolic link. It waits for
// nobody: a pipe is an error, also one that takes the file's place while it is opened.
func OpenRegular(root *os.Root, name string, limit int64) (*Regular, error) {
	file, info, err := openRegular(root, name)
	if err != nil {
		return nil, err
	}
	if err := checkRegular(name, info, limit); err != nil {
		file.Close()
		return nil, err
	}
	return &Regular{io.LimitReader(file, info.Size()), info.Size(), file}, nil
}

// openRegular opens the very file that is looked at before, since opening a device may
// do something, and no other that takes its place meanwhile.
func openRegular(root *os.Root, name string) (*os.File, fs.FileInfo, error) {
	before, err := root.Lstat(name)
	if err != nil {
		return nil, nil, err
	}
	if !before.Mode().IsRegular() {
		return nil, nil, notRegular(name, before.Mode())
	}
	file, err := root.OpenFile(name, os.O_RDONLY|nonblocking, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		err = notRegular(name, info.Mode())
	case !os.SameFile(before, info):
		err = &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid} // it was exchanged
	default:
		return file, info, nil
	}
	file.Close()
	return nil, nil, err
}
