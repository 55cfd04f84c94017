package program

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxLinks is what Linux follows, too.
const maxLinks = 40

// Follow goes from the root to an absolute path, step by step as the system
// does, and shows visit each directory, link and file on the way, by names that
// have no link above them. For /usr/bin/npm these may be /, /usr, /usr/bin,
// /usr/bin/npm, /usr/lib, /usr/lib/npm.js. It ends where nothing is.
func Follow(path string, visit func(place string, info fs.FileInfo) error) error {
	if !filepath.IsAbs(path) {
		return fmt.Errorf("%s is no absolute path", path)
	}
	place, rest := splitPath(path)
	rest = append([]string{"."}, rest...)
	for links := 0; len(rest) > 0; {
		next := filepath.Join(place, rest[0]) // ".." goes up, as there is no link in place
		rest = rest[1:]
		info, err := os.Lstat(next)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			err = visit(next, info)
		}
		if err != nil {
			return err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			place = next
			continue
		}
		if links++; links > maxLinks {
			return fmt.Errorf("%s: too many links", path)
		}
		target, err := os.Readlink(next)
		if err != nil {
			return err
		}
		from, steps := splitPath(target)
		if from != "" {
			place = from
		}
		rest = append(steps, rest...)
	}
	return nil
}

// splitPath parts a path into its root, "" for a relative one, and the names of its
// steps. It does not shorten "a/..": a may be a link.
func splitPath(path string) (root string, steps []string) {
	volume := filepath.VolumeName(path)
	rest := filepath.ToSlash(path[len(volume):])
	if strings.HasPrefix(rest, "/") {
		root = volume + string(filepath.Separator)
	}
	for step := range strings.SplitSeq(rest, "/") {
		if step != "" && step != "." {
			steps = append(steps, step)
		}
	}
	return root, steps
}
