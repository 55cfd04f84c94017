package cli

import (
	"context"
	"errors"
	"io/fs"
	"slices"

	"github.com/migvet/migvet/internal/source"
)

// maxStray is the size of the largest file outside of the folders that is read, in
// bytes. What is larger holds data.
const maxStray = 4 << 20

// A changedFile is one that the branch has otherwise than the base, or beside it.
type changedFile struct {
	path, text string
	added      bool // the base does not have it
}

// changedFiles returns those that are wanted, all of them where everything is new.
func (p *project) changedFiles(ctx context.Context, wanted func(name string) bool) ([]changedFile, error) {
	there, err := p.filesThere(ctx, wanted)
	if err != nil || p.base == nil {
		return there, err
	}
	return slices.DeleteFunc(there, func(f changedFile) bool { return p.tree.HasContent(f.path, f.text) }), nil
}

// filesThere returns the files that are wanted and were seen while folders were looked for.
// What git knows to be committed is found in directories, too, into which nobody looks for
// folders, such as build/ and .github/.
func (p *project) filesThere(ctx context.Context, wanted func(name string) bool) (there []changedFile, err error) {
	names := slices.DeleteFunc(p.head.Listed(), func(name string) bool { return !wanted(name) || !p.reported(name) })
	if p.base != nil {
		if names, err = p.withCommitted(ctx, names, wanted); err != nil {
			return nil, err
		}
	}
	for _, name := range names {
		f, ok, err := p.readSmall(name)
		if err != nil {
			return nil, err
		}
		if ok {
			there = append(there, f)
		}
	}
	return there, nil
}

// withCommitted adds what git knows to be committed, and leaves out what .gitignore does.
func (p *project) withCommitted(ctx context.Context, names []string, wanted func(name string) bool) ([]string, error) {
	if p.committed == nil {
		committed, err := p.base.Committed(ctx)
		if err != nil {
			return nil, err
		}
		p.committed = &committed
	}
	for _, name := range *p.committed {
		if wanted(name) && p.reported(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return p.withoutIgnored(ctx, slices.Compact(names), *p.committed), nil
}

// withoutIgnored leaves out what .gitignore does, of files that git does not track.
func (p *project) withoutIgnored(ctx context.Context, names, committed []string) []string {
	var untracked []string
	for _, name := range names {
		if _, known := slices.BinarySearch(committed, name); !known && !p.isOnBase(name) {
			untracked = append(untracked, name)
		}
	}
	ignored := p.base.Ignored(ctx, untracked)
	return slices.DeleteFunc(names, func(name string) bool { return ignored[name] })
}

func (p *project) isOnBase(name string) bool {
	_, err := fs.Stat(p.tree, name)
	return err == nil
}

// readSmall reads a file; ok is false where it is none, or holds data.
func (p *project) readSmall(name string) (f changedFile, ok bool, err error) {
	info, err := fs.Stat(p.head, name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && (!info.Mode().IsRegular() || info.Size() > maxStray) {
		return f, false, nil
	}
	if err != nil {
		return f, false, nil // what cannot be read is told with its directory
	}
	text, err := fs.ReadFile(p.head, name)
	if errors.Is(err, fs.ErrPermission) {
		return f, false, nil
	}
	if err != nil {
		return f, false, err
	}
	return changedFile{path: name, text: string(text), added: p.base == nil || !p.isOnBase(name)}, true, nil
}

// lookedAt are the files that some source has read, or tells of.
func lookedAt(sources []*source.Source) map[string]bool {
	looked := map[string]bool{}
	for _, s := range sources {
		for file := range s.Files {
			looked[file] = true
		}
		for _, m := range slices.Concat(s.Head, s.History.Base, s.History.New, s.History.Downs) {
			looked[m.Path] = true
		}
		for _, f := range s.Findings {
			looked[f.Path] = true
		}
		for _, u := range s.Unchecked {
			looked[u.Path] = true
		}
		for _, file := range slices.Concat(s.LeftOut, s.Lists) {
			looked[file] = true
		}
	}
	return looked
}
