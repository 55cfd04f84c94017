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

	"github.com/migvet/migvet/internal/rundir"
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
	// templateFormat is another one when templates of before must not be used.
	// Those of 1 were read by root where another account could change them.
	templateFormat = "2"
)

// template is where the data directory of this installation is cached, whether
// it is there or not.
func (i *Installation) template() (template, error) {
	if i.options.CacheDir == "" {
		return template{}, nil
	}
	root := filepath.Join(i.options.CacheDir, templateDir)
	rundir.Sweep(root)
	key, err := i.templateKey()
	if err != nil {
		return template{}, err
	}
	return template{dir: filepath.Join(root, key)}, nil
}

// templateKey changes with everything that the content depends on.
func (i *Installation) templateKey() (string, error) {
	server := executablePath(i.BinDir, "postgres")
	info, err := os.Stat(server)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s %q %q %d %d\n", templateFormat, server, i.Version, info.Size(), info.ModTime().UnixNano())
	fmt.Fprintf(h, "%q\n%q\n", initdbArgs(i.Major), setupStatements(i.Major))
	return i.Version + "-" + hex.EncodeToString(h.Sum(nil)[:12]), nil
}

// copyTo copies the template into the empty directory to. An error means that
// it is missing or damaged.
func (t template) copyTo(to string, a account) error {
	want, err := os.ReadFile(filepath.Join(t.dir, templateSum))
	if err != nil {
		return err
	}
	sum, err := copyTree(filepath.Join(t.dir, templateData), ownAccount(), to, a)
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
// When another process is faster, its template stays. The files are the
// account's, but only we can reach them.
func (t template) save(from string, a account) (err error) {
	run, err := sweepAndMake(filepath.Dir(t.dir))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, run.Remove()) }()
	work := filepath.Join(run.Path, "new")
	data := filepath.Join(work, templateData)
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	sum, err := copyTree(from, a, data, ownAccount())
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(work, templateSum), []byte(formatSum(sum)+"\n"), 0o600); err != nil {
		return err
	}
	return run.replace(work, t.dir)
}

// prepareData fills the data directory, which is empty and which only we can
// reach, and gives it to the account in the end.
func (i *Installation) prepareData(ctx context.Context, f *serverFiles, a account) error {
	t, err := i.template()
	if err != nil {
		i.options.log("no cached data directory: %v", err)
	}
	if t.dir == "" || t.copyTo(f.data, a) != nil {
		if err := i.makeData(ctx, f, a); err != nil {
			return err
		}
		if err := i.keep(t, f.data, a); err != nil {
			i.options.log("caching the data directory: %v", err)
		}
	}
	return a.own(f.data)
}

// keep saves a template for later runs, unless other processes of the account
// could have changed what initdb made.
func (i *Installation) keep(t template, data string, a account) error {
	if t.dir == "" || a.other && a.name == nil {
		return nil
	}
	return t.save(data, a)
}

// makeData has initdb work in a directory of the account, and takes over what it
// made.
func (i *Installation) makeData(ctx context.Context, f *serverFiles, a account) (err error) {
	if err := emptyDir(f.data); err != nil {
		return err
	}
	i.options.log("preparing PostgreSQL %s", i.Version)
	fresh, err := f.runs[0].mkdir("initdb", a)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rundir.RemoveAll(fresh)) }()
	if err := i.initdb(ctx, fresh, a); err != nil {
		return err
	}
	if _, err := copyTree(fresh, a, f.data, a); err != nil {
		return err
	}
	return deleteSpareWAL(f.data)
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
