package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/lint"
)

// maxFolderFiles bounds how many files of a folder are compared with patterns.
const maxFolderFiles = 100_000

// excludedFrom tells which files the configuration takes out of a folder; nil for none.
func excludedFrom(m config.Folder) func(file string) bool {
	if !m.HasExclusions() {
		return nil
	}
	return m.Excludes
}

// isExcluded tells whether the configuration that counts says that a file is no migration.
// What strangers say of their own folders is not asked: they would hide a file by it.
func (p *project) isExcluded(file string) bool {
	return slices.ContainsFunc(p.config.Migrations, func(m config.Folder) bool { return m.Excludes(file) })
}

// checkExclusions stops at patterns of exclude: that match no file of their folder on
// either branch: that is a mistake, or was settled.
func (p *project) checkExclusions() error {
	for _, m := range slices.Concat(p.config.Migrations, p.theirs.added) {
		if !m.HasExclusions() {
			continue
		}
		var files []string
		for _, tree := range []fs.FS{p.head, p.treeOrNone()} {
			there, err := filesBelow(tree, m.Dir)
			if err != nil {
				return uncheckedError(err)
			}
			files = append(files, there...)
		}
		if idle := m.IdleExclusions(files); len(idle) > 0 {
			return usageError(fmt.Errorf("%s: migrations folder %s: exclude %q matches none of its files%s", config.Name, m.Dir, idle[0], nearFile(idle[0], m.Dir, files)))
		}
	}
	return nil
}

// treeOrNone is the base's tree.
func (p *project) treeOrNone() fs.FS {
	if p.tree == nil {
		return nil
	}
	return p.tree
}

// nearFile says what a pattern may mean, or what to do with it.
func nearFile(pattern, dir string, files []string) string {
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimPrefix(f, dir+"/"))
	}
	if near := lint.DidYouMean(pattern, names); near != "" {
		return near
	}
	return "; remove it"
}

// filesBelow lists the files of a folder, by their paths from the root of the tree. One
// that is not there has none.
func filesBelow(tree fs.FS, dir string) (files []string, err error) {
	if tree == nil {
		return nil, nil
	}
	err = fs.WalkDir(tree, dir, func(name string, e fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission):
			return nil
		case err != nil:
			return err
		case len(files) == maxFolderFiles:
			return fs.SkipAll
		case !e.IsDir():
			files = append(files, name)
		}
		return nil
	})
	return files, err
}
