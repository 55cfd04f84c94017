package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A template is a data directory in the cache, ready to be copied: initdb
// takes 20 times as long as the copy.
type template struct {
	dir string // "" when nothing is cached
}

const (
	templateDir  = "templates" // in the cache
	templateData = "data"
	templateSum  = "checksum"
)

// template is where the data directory of this installation is cached, whether
// it is there or not.
func (i *Installation) template() (template, error) {
	if i.options.CacheDir == "" {
		return template{}, nil
	}
	root := filepath.Join(i.options.CacheDir, templateDir)
	sweep(root)
	key, err := i.templateKey()
	if err != nil {
		return template{}, err
	}
	return template{dir: filepath.Join(root, key)}, nil
}

// templateKey changes with everything that the content depends on.
func (i *Installation) templateKey() (string, error) {
	server := executable(i.BinDir, "postgres")
	info, err := os.Stat(server)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %d %d\n", server, i.Version, info.Size(), info.ModTime().UnixNano())
	fmt.Fprintf(h, "%q\n%q\n", initdbArgs(i.Major), setup(i.Major))
	return i.Version + "-" + hex.EncodeToString(h.Sum(nil)[:12]), nil
}

// copyTo copies the template into the empty directory to. An error means that
// it is missing or damaged.
func (t template) copyTo(to string, a account) error {
	want, err := os.ReadFile(filepath.Join(t.dir, templateSum))
	if err != nil {
		return err
	}
	sum, err := copyTree(filepath.Join(t.dir, templateData), to, a)
	if err != nil {
		return err
	}
	if formatSum(sum) != strings.TrimSpace(string(want)) {
		return fmt.Errorf("%s is damaged", t.dir)
	}
	return nil
}

func formatSum(sum uint32) string { return strconv.FormatUint(uint64(sum), 16) }

// save puts a fresh data directory into the cache, in place of a damaged one.
// When another process is faster, its template stays.
func (t template) save(from string) (err error) {
	run, err := sweepAndMake(filepath.Dir(t.dir))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, run.remove()) }()
	work := filepath.Join(run.path, "new")
	data := filepath.Join(work, templateData)
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	sum, err := copyTree(from, data, account{})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(work, templateSum), []byte(formatSum(sum)+"\n"), 0o600); err != nil {
		return err
	}
	return run.replace(work, t.dir)
}

// replace renames a directory to a name that may be taken.
func (d *runDir) replace(from, to string) error {
	if err := os.Rename(to, filepath.Join(d.path, "replaced")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.Rename(from, to)
}

// prepareData fills the empty directory dir with a data directory.
func (i *Installation) prepareData(ctx context.Context, dir string, a account) error {
	t, err := i.template()
	if err != nil {
		i.options.log("no cached data directory: %v", err)
	}
	if t.dir != "" {
		if err := t.copyTo(dir, a); err == nil {
			return nil
		}
		if err := emptyDir(dir); err != nil {
			return err
		}
	}
	i.options.log("preparing PostgreSQL %s", i.Version)
	if err := i.initdb(ctx, dir, a); err != nil {
		return err
	}
	if t.dir != "" {
		if err := t.save(dir); err != nil {
			i.options.log("caching the data directory: %v", err)
		}
	}
	return nil
}

// emptyDir removes all that a failed copy has left.
func emptyDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	names, err := d.Readdirnames(-1)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	for _, name := range names {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}
