package postgres

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A cache is what the server comes from: it is not used where a pull request, a
// checkout or another user can have put something.
func TestCacheIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(work, cache string) error // cache is work/cache/migvet
		options func(work string) Options
		says    string // "" when the cache is used
	}{
		"new":               {},
		"closed":            {prepare: func(_, cache string) error { return os.MkdirAll(cache, 0o700) }},
		"in the repository": {options: func(work string) Options { return Options{Outside: []string{work}} }, says: "under review"},
		"workspace of GitHub": {options: func(work string) Options {
			return Options{Getenv: environment(map[string]string{"GITHUB_WORKSPACE": work})}
		}, says: "under review"},
		"project of GitLab": {options: func(work string) Options {
			return Options{Getenv: environment(map[string]string{"CI_PROJECT_DIR": work})}
		}, says: "under review"},
		"repository by a link": {
			prepare: func(work, _ string) error { return os.Symlink(work, work+"-link") },
			options: func(work string) Options { return Options{Outside: []string{work + "-link"}} }, says: "under review",
		},
		"link into the repository": {
			prepare: func(work, _ string) error {
				return errors.Join(os.MkdirAll(filepath.Join(work, "repo", "c"), 0o700), os.Symlink("repo/c", filepath.Join(work, "cache")))
			},
			options: func(work string) Options { return Options{Outside: []string{filepath.Join(work, "repo")}} }, says: "under review",
		},
		"as git makes directories": {prepare: func(_, cache string) error { return os.MkdirAll(cache, 0o755) }, says: "only we can enter"},
		"templates as git makes them": {prepare: func(_, cache string) error {
			return errors.Join(os.MkdirAll(cache, 0o700), os.Mkdir(filepath.Join(cache, "templates"), 0o755))
		}, says: "only we can enter"},
		"file": {prepare: func(_, cache string) error {
			return errors.Join(os.Mkdir(filepath.Dir(cache), 0o700), os.WriteFile(cache, nil, 0o700))
		}, says: "only we can enter"},
	} {
		t.Run(name, func(t *testing.T) {
			work := openTempDir(t)
			t.Cleanup(func() { os.Remove(work + "-link") })
			cache := filepath.Join(work, "cache", "migvet")
			if c.prepare != nil {
				if err := c.prepare(work, cache); err != nil {
					t.Fatal(err)
				}
			}
			var o Options
			if c.options != nil {
				o = c.options(work)
			}
			var said strings.Builder
			o.CacheDir, o.Log = cache, func(_ string, args ...any) { said.WriteString(args[0].(error).Error()) }
			settled := o.settled()
			if used := settled.CacheDir != ""; used != (c.says == "") {
				t.Errorf("used %v", used)
			}
			if !strings.Contains(said.String(), c.says) {
				t.Errorf("said %q, want %q", said.String(), c.says)
			}
			if c.says != "" && len(settled.stores()) > 0 {
				t.Errorf("servers are looked for in %q", settled.stores())
			}
		})
	}
}

// Neither servers nor what tells of them are run from the repository.
func TestProgramsOfTheRepositoryAreNotRun(t *testing.T) {
	repo, links := openTempDir(t), openTempDir(t)
	ran := filepath.Join(openTempDir(t), "ran")
	bin := filepath.Join(repo, "node_modules", ".bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"postgres", "initdb", "pg_config", "npm", "node", "docker"} {
		writeScript(t, filepath.Join(bin, name), "echo "+name+" >>"+ran+"; echo 'postgres (PostgreSQL) 99.1'")
		if err := os.Symlink(filepath.Join(bin, name), filepath.Join(links, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Dir(ran), 0o777); err != nil { // the account runs them
		t.Fatal(err)
	}
	for name, vars := range map[string]map[string]string{
		"PATH":            {"PATH": bin},
		"links in PATH":   {"PATH": links},
		"PGBIN":           {"PGBIN": bin},
		"PG_CONFIG":       {"PG_CONFIG": filepath.Join(bin, "pg_config")},
		"PG_CONFIG links": {"PG_CONFIG": filepath.Join(links, "pg_config")},
	} {
		t.Run(name, func(t *testing.T) {
			o := Options{Version: 99, Outside: []string{repo}, Getenv: environment(vars)}
			if i, err := Find(t.Context(), o); err == nil {
				t.Errorf("found %s", i.BinDir)
			}
			o.Version = NewestMajor
			if i, err := o.fetch(t.Context()); err == nil {
				t.Errorf("fetched %s", i.BinDir)
			}
			if s, err := o.StartContainer(t.Context(), "postgres:18"); err == nil {
				t.Errorf("started %s", s.Version())
			}
			Look(t.Context(), o)
		})
	}
	o := Options{Version: 99, BinDir: bin, Outside: []string{repo}}
	if _, err := Find(t.Context(), o); err == nil || !strings.Contains(err.Error(), "under review; copy it elsewhere") {
		t.Errorf("--postgres-bin: %v", err)
	}
	if text, err := os.ReadFile(ran); err == nil {
		t.Errorf("these were run: %s", text)
	}
	// And they would be, were the repository not under review.
	if _, err := Find(t.Context(), Options{Version: 99, Getenv: environment(map[string]string{"PATH": bin})}); err != nil {
		t.Errorf("the test finds nothing: %v", err)
	}
	if !exists(ran) {
		t.Error("the test sees nothing run")
	}
}
