package cli

import (
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
	text, err := p.readBefore(e.BeforeFile)
	if errors.Is(err, fs.ErrNotExist) {
		return e, fmt.Errorf("before in .migvet.yml: %s does not exist", e.BeforeFile)
	}
	if err != nil {
		return e, fmt.Errorf("before in .migvet.yml: %w", err)
	}
	e.Before = string(text)
	return e, nil
}

// maxBefore is the size of the largest file that before: may name, in bytes: as
// much as a migration may have.
const maxBefore = 16 << 20

// readBefore prefers the base branch's text, which the branch under review
// cannot change. That of strangers cannot supply it either.
func (p *project) readBefore(file string) ([]byte, error) {
	if p.flags.Strangers {
		return fs.ReadFile(p.trusted(), file)
	}
	if p.tree != nil {
		text, err := files.Read(p.tree, file, maxBefore)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return text, err
		}
	}
	return files.Read(p.head, file, maxBefore)
}
