package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"

	"github.com/migvet/migvet/internal/files"
	"github.com/migvet/migvet/internal/presets"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/internal/trial"
)

// environment is what the trial's databases hold before the first migration.
func (p *project) environment(s *source.Source) (trial.Environment, error) {
	e := trial.Environment{Extensions: p.config.Extensions, Roles: p.config.Roles, SearchPath: p.config.SearchPath, BeforeFile: p.config.Before}
	names := p.config.Presets
	if names == nil {
		names = []string{presets.For(s.Tool, s.Dir)}
	}
	e.Presets = presets.Named(names...)
	if e.BeforeFile == "" {
		return e, nil
	}
	text, _, err := p.readTrusted("before", e.BeforeFile, maxBefore)
	if err != nil || s.Fill == nil {
		e.Before = text
		return e, err
	}
	if e.Before, err = s.Fill(text); err != nil {
		return e, fmt.Errorf("before in .migvet.yml: %s: %w", e.BeforeFile, err)
	}
	return e, nil
}

// maxBefore is the size of the largest file that before: or stand-in: may name, in
// bytes: as much as a migration may have.
const maxBefore = 16 << 20

// readTrusted reads a file that a key of the configuration names. It prefers the base
// branch's text, which the branch under review cannot change. That of strangers
// cannot supply it either. ofBase tells whether it is the base's.
func (p *project) readTrusted(key, file string, limit int64) (text string, ofBase bool, err error) {
	var data []byte
	switch {
	case p.flags.Strangers:
		data, err = files.Read(p.trusted(), file, limit)
		ofBase = true
	case p.tree != nil:
		data, err = files.Read(p.tree, file, limit)
		ofBase = err == nil
	}
	if !ofBase && (p.tree == nil || errors.Is(err, fs.ErrNotExist)) {
		data, err = files.Read(p.head, file, limit)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) && p.flags.Strangers:
		return "", true, fmt.Errorf("%s in .migvet.yml: %s does not exist on %s, and strangers can write this branch, so its own does not count", key, file, cmp.Or(p.branch, "the base branch"))
	case errors.Is(err, fs.ErrNotExist):
		return "", false, fmt.Errorf("%s in .migvet.yml: %s does not exist", key, file)
	case err != nil:
		return "", false, fmt.Errorf("%s in .migvet.yml: %w", key, err)
	}
	return string(data), ofBase, nil
}
