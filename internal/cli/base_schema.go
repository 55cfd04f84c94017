package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/files"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/internal/trial"
)

// folderConfig is what the configuration that counts says of a folder.
func (p *project) folderConfig(dir string) config.Folder {
	for _, folders := range [][]config.Folder{p.config.Migrations, p.theirs.added} {
		for _, f := range folders {
			if f.Dir == dir {
				return f
			}
		}
	}
	return config.Folder{Dir: dir}
}

// baseSchema reads the dump that stands for the base of a folder: the argument's, else
// the folder's, else that of all folders. It is nil where nothing names one.
func (p *project) baseSchema(dir, argument string) (*trial.BaseSchema, error) {
	file, key := cmp.Or(p.folderConfig(dir).BaseSchema, p.config.BaseSchema), "base-schema in .migvet.yml"
	read := func() (string, bool, error) { return p.readTrusted("base-schema", file, source.MaxDump) }
	if argument != "" {
		file, key = argument, "--base-schema"
		read = func() (string, bool, error) { return p.readArgument(argument) }
	}
	if file == "" {
		return nil, nil
	}
	if argument == "" && p.isAllNew() {
		p.noteOnce(fmt.Sprintf("base-schema in .migvet.yml was left out: %s stands for the migrations of the base, and %s; pass --base-schema FILE for a dump from before the first one",
			file, chooseText(p.flags.All, "--all has no base", "there is no base here")))
		return nil, nil
	}
	text, ofBase, err := read()
	if err != nil {
		return nil, err
	}
	dump, err := source.ReadDump(file, text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	b := &trial.BaseSchema{Dump: dump, Key: key}
	switch {
	case ofBase:
	case p.tree != nil:
		b.Elsewhere = "only this branch has"
	default:
		b.Elsewhere = "was read as it is here"
	}
	return b, nil
}

// isAllNew tells whether all migrations count as new: with --all, and where the default
// branch is checked as it is.
func (p *project) isAllNew() bool { return p.base == nil && p.flags.Since == "" }

func (p *project) noteOnce(text string) {
	if !slices.Contains(p.notes, text) {
		p.notes = append(p.notes, text)
	}
}

// readArgument reads the file of --base-schema. One in the repository is the base
// branch's, as that of the configuration is; another one is the caller's, who knows what
// is in it.
func (p *project) readArgument(name string) (text string, ofBase bool, err error) {
	file, inside := files.Below(p.root, resolvePath(p.env.Dir, name))
	if !inside {
		data, err := p.env.named(p.root).Read(resolvePath(p.env.Dir, name), source.MaxDump)
		if err != nil {
			err = fmt.Errorf("--base-schema: %w", err)
		}
		return string(data), true, err
	}
	if p.tree != nil {
		data, err := files.Read(p.tree, file, source.MaxDump)
		if err == nil || p.flags.Strangers || !errors.Is(err, fs.ErrNotExist) {
			return string(data), true, err
		}
	}
	data, err := files.Read(p.head, file, source.MaxDump)
	if err != nil {
		err = fmt.Errorf("--base-schema: %w", err)
	}
	return string(data), false, err
}
