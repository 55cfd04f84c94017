package source

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// maxLinks is how many symbolic links a path may lead through, as in Linux.
const maxLinks = 40

var (
	errNowhere = errors.New("there is no such file")
	errOutside = errors.New("leads out of the repository")
	errGitsOwn = errors.New("is in .git, which is no part of the repository's content")
	errLinks   = errors.New("leads through too many symbolic links")
)

// realPath returns where a path leads behind symbolic links. An error says why that
// is no business of the repository's.
func realPath(fsys fs.FS, name string) (string, error) {
	real, rest, links := ".", name, 0
	for rest != "" {
		part, behind, _ := strings.Cut(rest, "/")
		rest = behind
		next := path.Join(real, part)
		if !fs.ValidPath(next) {
			return "", errOutside
		}
		if isGitsOwn(next) {
			return "", errGitsOwn
		}
		info, err := fs.Lstat(fsys, next)
		if err != nil {
			return "", err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			real = next
			continue
		}
		if links++; links > maxLinks {
			return "", errLinks
		}
		target, err := fs.ReadLink(fsys, next)
		if err != nil {
			return "", err
		}
		if path.IsAbs(target) {
			return "", errOutside
		}
		rest = strings.TrimPrefix(target+"/"+rest, "./")
	}
	return real, nil
}

// isGitsOwn tells whether a path has a part that git keeps for itself, however that
// is written.
func isGitsOwn(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if strings.EqualFold(part, ".git") {
			return true
		}
	}
	return false
}

// statContent is fs.Stat for what is the repository's content.
func statContent(fsys fs.FS, name string) (fs.FileInfo, error) {
	real, err := realPath(fsys, name)
	if err != nil {
		return nil, err
	}
	return fs.Stat(fsys, real)
}

// lookupMode is the mode of a file or directory of the repository;
// fs.ModeIrregular when there is none by that name.
func lookupMode(fsys fs.FS, name string) fs.FileMode {
	info, err := statContent(fsys, name)
	if err != nil {
		return fs.ModeIrregular
	}
	return info.Mode()
}

// isDirectory tells whether dir is a directory.
func isDirectory(fsys fs.FS, dir string) bool {
	info, err := statContent(fsys, dir)
	return err == nil && info.IsDir()
}

// A strangeEntry is a name in a directory behind which nothing can be read.
type strangeEntry struct {
	name, reason string
	anything     bool // may be there, such as migrations, whatever the name is
}

// notUTF8 is why a name that Latin-1 wrote is passed over. PostgreSQL would not take it
// into a history table either.
const notUTF8 = "has a name that is not UTF-8, so it was not opened; rename it, or name the folders of migrations in .migvet.yml"

// follow takes in what an entry leads to that is neither a file nor a directory.
func (d *directory) follow(entry fs.DirEntry) {
	name := entry.Name()
	full := path.Join(d.dir, name)
	if entry.Type()&fs.ModeSymlink == 0 {
		d.strange = append(d.strange, strangeEntry{name, "is neither a file nor a directory, so it was not opened", false})
		return
	}
	real, err := realPath(d.fsys, full)
	if err == nil {
		err = d.takeIn(name, real)
	}
	if err == nil {
		return
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = errNowhere // in the same words whatever the tree is
	}
	target, _ := fs.ReadLink(d.fsys, full)
	d.strange = append(d.strange, strangeEntry{name, fmt.Sprintf("is a symbolic link to %s, which was not followed: %v", target, err), false})
}

func (d *directory) takeIn(name, real string) error {
	info, err := fs.Stat(d.fsys, real)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		d.dirs = append(d.dirs, name)
		d.linked[name] = real
	case info.Mode().IsRegular():
		d.files = append(d.files, name)
	default:
		return errors.New("it is neither a file nor a directory")
	}
	return nil
}
