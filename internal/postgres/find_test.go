package postgres

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakeBinDir has programs that only say a version.
func fakeBinDir(t *testing.T, versionOutput string) string {
	t.Helper()
	dir := openTempDir(t)
	for _, name := range []string{"postgres", "initdb"} {
		writeScript(t, filepath.Join(dir, name), fmt.Sprintf("echo '%s'", versionOutput))
	}
	return dir
}

// openTempDir is a directory that the account of the server can get to, as
// t.TempDir is not when root runs the test.
func openTempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "migvettest")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func writeScript(t *testing.T, path, body string) {
	t.Helper()
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

func environment(vars map[string]string) func(string) string {
	return func(name string) string { return vars[name] }
}

func TestParseVersion(t *testing.T) {
	for _, c := range []struct {
		output, version string
		major           int
	}{
		{"postgres (PostgreSQL) 16.14\n", "16.14", 16},
		{"postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", "15.18", 15},
		{"postgres (PostgreSQL) 19beta2\n", "19beta2", 19},
		{"postgres (PostgreSQL) 19devel\n", "19devel", 19},
		{"postgres (PostgreSQL) 9.6.24\n", "9.6", 9},
		{"16.14", "", 0},
		{"postgres (PostgreSQL) x", "", 0},
		{"postgres (PostgreSQL) 99999999999999999999", "", 0},
		{"", "", 0},
	} {
		version, major, err := parseVersion(c.output)
		if version != c.version || major != c.major || (err != nil) != (c.major == 0) {
			t.Errorf("%q: %q, %d, %v", c.output, version, major, err)
		}
	}
}

func TestFind(t *testing.T) {
	v97 := fakeBinDir(t, "postgres (PostgreSQL) 97.1")
	v98 := fakeBinDir(t, "postgres (PostgreSQL) 98.2")
	v19 := fakeBinDir(t, "postgres (PostgreSQL) 19.0")
	v13 := fakeBinDir(t, "postgres (PostgreSQL) 13.9")
	broken := fakeBinDir(t, "Segmentation fault")
	empty := openTempDir(t)
	pgConfig := filepath.Join(openTempDir(t), "pg_config")
	writeScript(t, pgConfig, "echo "+v97)
	path := func(dirs ...string) func(string) string {
		return environment(map[string]string{"PATH": strings.Join(dirs, string(os.PathListSeparator))})
	}
	relative, err := filepath.Rel(mustGetwd(t), v98)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		options Options
		binDir  string
		source  string
		err     string
	}{
		{name: "flag", options: Options{BinDir: v97, Getenv: path(v98)}, binDir: v97, source: "--postgres-bin"},
		{name: "flag and its version", options: Options{BinDir: v97, Version: 97}, binDir: v97, source: "--postgres-bin"},
		{name: "flag and another version", options: Options{BinDir: v97, Version: 98}, err: "is 97.1, but 98 is wanted"},
		{name: "flag without programs", options: Options{BinDir: empty}, err: "no postgres and initdb in"},
		{name: "flag of old version", options: Options{BinDir: v13}, err: "too old"},
		{name: "flag of broken one", options: Options{BinDir: broken}, err: "not the version"},
		{name: "newest in PATH", options: Options{Getenv: path(empty, v97, v98, broken)}, binDir: v98, source: "PATH"},
		{name: "wanted in PATH", options: Options{Version: 97, Getenv: path(v98, v97)}, binDir: v97, source: "PATH"},
		{name: "relative PATH", options: Options{Version: 98, Getenv: path(relative, ".", "")}, err: "PostgreSQL 98 is not installed"},
		{name: "PG_CONFIG", options: Options{Getenv: environment(map[string]string{"PG_CONFIG": pgConfig})}, binDir: v97, source: "PG_CONFIG"},
		{name: "PGBIN", options: Options{Getenv: environment(map[string]string{"PGBIN": v98})}, binDir: v98, source: "PGBIN"},
		{name: "missing", options: Options{Version: 96, Getenv: path(v97)}, err: "PostgreSQL 96 is not installed; install its server package, pass --postgres-bin"},
		{name: "not to be fetched", options: Options{Version: 96, Fetch: true, Getenv: path(v97)}, err: "cannot be fetched for"},
		{name: "unsupported", options: Options{Version: 13}, err: "PostgreSQL 13 is not supported; ask for 14 to 19"},
		{name: "known, no package of it", options: Options{Version: KnownMajor, Fetch: true, Getenv: path(v97)}, err: "PostgreSQL 19 is not installed and cannot be fetched for"},
		{name: "known, in PATH", options: Options{Version: KnownMajor, Getenv: path(v98, v19)}, binDir: v19, source: "PATH"},
		{name: "negative", options: Options{Version: -1}, err: "not supported"},
	} {
		t.Run(c.name, func(t *testing.T) {
			i, err := Find(context.Background(), c.options)
			if err != nil {
				if c.err == "" || !strings.Contains(err.Error(), c.err) {
					t.Errorf("error %q, want %q", err, c.err)
				}
				return
			}
			if c.err != "" || i.BinDir != c.binDir || i.Source != c.source {
				t.Errorf("found %s by %s, want %s by %s, error %q", i.BinDir, i.Source, c.binDir, c.source, c.err)
			}
		})
	}
}

func mustGetwd(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestFindStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if i, err := Find(ctx, Options{Fetch: true}); err == nil {
		t.Errorf("found %v", i)
	}
}
