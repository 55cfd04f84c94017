package source

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// settingNames are the files by which projects tell tools where migrations are and
// what becomes of them.
var settingNames = []string{
	"sqitch.conf", "tern.conf", "flyway.toml", "flyway.conf", "liquibase.properties", "application.properties", "application.yml", "application.yaml",
	"dbconfig.yml", "diesel.toml", ".env", "build.gradle", "build.gradle.kts", "pom.xml",
}

// withSettings is a tree with the settings of tools as another tree has them.
type withSettings struct {
	fs.FS
	settings fs.FS
}

func isSetting(name string) bool { return slices.Contains(settingNames, path.Base(name)) }

func (w withSettings) tree(name string) fs.FS {
	if isSetting(name) {
		return w.settings
	}
	return w.FS
}

// Open implements fs.FS.
func (w withSettings) Open(name string) (fs.File, error) { return w.tree(name).Open(name) }

// Stat implements fs.StatFS.
func (w withSettings) Stat(name string) (fs.FileInfo, error) { return fs.Stat(w.tree(name), name) }

// Lstat implements fs.ReadLinkFS.
func (w withSettings) Lstat(name string) (fs.FileInfo, error) { return fs.Lstat(w.tree(name), name) }

// ReadLink implements fs.ReadLinkFS.
func (w withSettings) ReadLink(name string) (string, error) { return fs.ReadLink(w.tree(name), name) }

// ReadDir implements fs.ReadDirFS.
func (w withSettings) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(w.FS, name)
	if err != nil {
		return nil, err
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return isSetting(e.Name()) })
	settings, err := fs.ReadDir(w.settings, name)
	if err != nil {
		return entries, nil // the other tree has no such directory
	}
	for _, e := range settings {
		if isSetting(e.Name()) {
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}
