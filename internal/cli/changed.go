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

// changedFiles returns those that are wanted. Where everything is new, it is all that
// were seen while folders were looked for. What git knows to be committed is found in
// directories, too, into which nobody looks for folders, such as build/ and .github/.
func (p *project) changedFiles(ctx context.Context, wanted func(name string) bool) ([]changedFile, error) {
	names := p.head.Listed()
	if p.base != nil {
		committed, err := p.base.Committed(ctx)
		if err != nil {
			return nil, err
		}
		names = append(names, committed...)
		slices.Sort(names)
		names = slices.Compact(names)
		names = p.withoutIgnored(ctx, slices.DeleteFunc(names, func(n string) bool { return !wanted(n) }), committed)
	}
	var changed []changedFile
	for _, name := range names {
		if !wanted(name) || !p.reported(name) {
			continue
		}
		f, ok, err := p.changedFile(name)
		if err != nil {
			return nil, err
		}
		if ok {
			changed = append(changed, f)
		}
	}
	return changed, nil
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

func (p *project) changedFile(name string) (f changedFile, ok bool, err error) {
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
	f = changedFile{path: name, text: string(text), added: p.base == nil || !p.isOnBase(name)}
	return f, p.base == nil || !p.tree.HasContent(name, f.text), nil
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
		for _, file := range s.LeftOut {
			looked[file] = true
		}
	}
	return looked
}
