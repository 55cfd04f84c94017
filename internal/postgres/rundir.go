package postgres

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/migvet/migvet/internal/rundir"
)

// A runDir holds the files of one run.
type runDir struct{ *rundir.Dir }

func sweepAndMake(parent string) (*runDir, error) {
	d, err := rundir.SweepAndMake(parent)
	if err != nil {
		return nil, err
	}
	return &runDir{d}, nil
}

// mkdir makes a directory inside that only the account can use.
func (d *runDir) mkdir(name string, a account) (string, error) {
	path := filepath.Join(d.Path, name)
	if err := os.Mkdir(path, 0o700); err != nil {
		return "", err
	}
	return path, a.own(path)
}

// replace renames a directory to a name that may be taken.
func (d *runDir) replace(from, to string) error {
	if err := os.Rename(to, filepath.Join(d.Path, "replaced")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.Rename(from, to)
}
