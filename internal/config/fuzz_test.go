package config_test

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/config"
)

// FuzzParse wants a configuration or an error that is one line for each
// mistake, whatever the branch under review has written.
func FuzzParse(f *testing.F) {
	for _, text := range []string{complete, "", "a: b", "rules: {column-dropped: of}", "migrations: [{dir: ../x}]", "accept: [{}]", "? [a]\n: b", "a: &x 1\nb: *x", "---\n---", "\x00", "\xff", "postgres: !!binary 16", "ignore-paths: ['[']"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := config.Parse("db/.migvet.yml", []byte(text), known)
		if (c == nil) == (err == nil) {
			t.Fatalf("%v and %v", c, err)
		}
		if err != nil {
			for _, line := range strings.Split(err.Error(), "\n") {
				if strings.TrimSpace(line) == "" || len(line) > 2000 {
					t.Errorf("%q is no message", line)
				}
			}
			return
		}
		for _, folder := range c.Migrations {
			if folder.Dir == "" || strings.HasPrefix(folder.Dir, "..") || strings.HasPrefix(folder.Dir, "/") {
				t.Errorf("folder %q leads out of the repository", folder.Dir)
			}
		}
		c.IgnoresPath("db/legacy/a.sql")
	})
}
