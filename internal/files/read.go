// Package files opens the files that arguments, inputs and configurations name.
// It reads regular files only, and no more of them than a limit: a named pipe or
// /dev/zero is an error at once. It replaces files in one step. Where a branch
// under review may have put symbolic links, none leads out of its directory.
package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// Read reads a regular file of at most limit bytes. Its errors name the file.
func Read(tree fs.FS, name string, limit int64) ([]byte, error) {
	info, err := fs.Stat(tree, name)
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: e.Err}
	}
	if err != nil {
		return nil, err
	}
	if err := checkRegular(name, info, limit); err != nil {
		return nil, err // opening it may wait for ever
	}
	file, err := tree.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err = file.Stat(); err != nil {
		return nil, err
	}
	if err := checkRegular(name, info, limit); err != nil {
		return nil, err // it was exchanged in between
	}
	data, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, tooLarge(name, limit)
	}
	return data, nil
}

// readSized reads a file whose size is told, at most so many bytes and one more.
func readSized(file io.Reader, size, most int64) (string, error) {
	buffer := make([]byte, size+1)
	n, err := file.Read(buffer)
	if err == io.EOF || err == nil && int64(n) == size {
		return string(buffer[:n]), nil // one call, unless the file has grown
	}
	if err != nil {
		return "", err
	}
	rest, err := io.ReadAll(io.LimitReader(file, most+1-int64(n)))
	return string(buffer[:n]) + string(rest), err
}

func checkRegular(name string, info fs.FileInfo, limit int64) error {
	if !info.Mode().IsRegular() {
		return notRegular(name, info.Mode())
	}
	if info.Size() > limit {
		return tooLarge(name, limit)
	}
	return nil
}

func tooLarge(name string, limit int64) error {
	return fmt.Errorf("%s is larger than %s, the most that migvet reads of it", name, formatSize(limit))
}

func notRegular(name string, mode fs.FileMode) error {
	return fmt.Errorf("%s is not a regular file but %s; name a file", name, irregularKind(mode))
}

// irregularKind says what a file is that is not regular.
func irregularKind(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a directory"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	}
	return "something else"
}

// formatSize says a limit in bytes, which is a whole number of KiB or MiB.
func formatSize(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", n>>10)
}
