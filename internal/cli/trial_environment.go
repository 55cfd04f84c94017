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
	"github.com/migvet/migvet/lint"
)

// environment is what the trial's databases hold before the first migration.
func (p *project) environment(s *source.Source) (trial.Environment, error) {
	e := p.configured(s)
	var err error
	e.Before, err = p.before(s)
	return e, err
}

// configured is the environment without the file of before:.
func (p *project) configured(s *source.Source) trial.Environment {
	names := p.config.Presets
	if names == nil {
		names = []string{presets.For(s.Tool, s.Dir)}
	}
	return trial.Environment{Extensions: p.config.Extensions, Roles: p.config.Roles, SearchPath: p.config.SearchPath, Presets: presets.Named(names...)}
}

// noteSearchPath tells the rules which schemas the sessions of a folder's migrations
// look into.
func (p *project) noteSearchPath(s *source.Source) {
	if path := p.configured(s).PathOf(s.SearchPath); path != "" {
		s.History.SearchPath = lint.ReadSearchPath(path)
	}
}

// before reads the file of before:, which may be a dump; nil without one that has SQL.
func (p *project) before(s *source.Source) (*lint.Migration, error) {
	file := p.config.Before
	if file == "" {
		return nil, nil
	}
	text, _, err := p.readTrusted("before", file, maxBefore)
	if err != nil || !lint.HasStatement(text) {
		return nil, err
	}
	if s.Fill != nil {
		if text, err = s.Fill(text); err != nil {
			return nil, fmt.Errorf("before in .migvet.yml: %s: %w", file, err)
		}
	}
	dump, err := source.ReadDump(file, text)
	if err != nil {
		return nil, fmt.Errorf("before in .migvet.yml: %w", err)
	}
	return dump, nil
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
